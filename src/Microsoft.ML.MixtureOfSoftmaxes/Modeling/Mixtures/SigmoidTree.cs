using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// A mixture of K = 2^s things by K - 1 gates instead of a softmax over K (Mixtape, "sigmoid tree decomposition"): each gate is a node of
/// a binary tree and shares between its two children, so the weight of a leaf is the product along its path. For K = 4:
/// g1 g2, g1 (1 - g2), (1 - g1) g3, (1 - g1) (1 - g3).
/// </summary>
internal static class SigmoidTree
{
    /// <summary>The mixture, [N, X].</summary>
    /// <param name="leaves_n_k_x">What is mixed.</param>
    /// <param name="gates_n_i_x">K - 1 numbers from 0 to 1, [N, K - 1, X] or [N, K - 1, 1]: level by level from the root.</param>
    public static Tensor Mix(Tensor leaves_n_k_x, Tensor gates_n_i_x)
    {
        (long n, long x) = (leaves_n_k_x.shape[0], leaves_n_k_x.shape[2]);
        Tensor mixed_n_j_x = leaves_n_k_x;
        for (long nodes = leaves_n_k_x.shape[1] / 2; nodes >= 1; nodes /= 2)
        {
            Tensor pairs_n_j_2_x = mixed_n_j_x.reshape(n, nodes, 2, x);
            mixed_n_j_x = pairs_n_j_2_x.select(2, 1).lerp(pairs_n_j_2_x.select(2, 0), gates_n_i_x.narrow(1, nodes - 1, nodes));
        }

        return mixed_n_j_x.select(1, 0);
    }
}
