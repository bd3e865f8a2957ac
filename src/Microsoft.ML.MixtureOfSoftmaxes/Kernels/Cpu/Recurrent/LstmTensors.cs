using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The weights of an LSTM layer, in libtorch's layout.</summary>
/// <param name="Input">[4 H, D].</param>
/// <param name="Recurrent">[4 H, H].</param>
/// <param name="InputBias">[4 H].</param>
/// <param name="RecurrentBias">[4 H].</param>
internal sealed record LstmWeights(Tensor Input, Tensor Recurrent, Tensor InputBias, Tensor RecurrentBias);

/// <summary>What a pass forward gives, and what the way back needs of it.</summary>
/// <param name="States">h of every step, then c of the last, [T + 1, B, H].</param>
/// <param name="Cells">c, [T, B, H].</param>
/// <param name="Gates">The gates' values i, f, g, o, [T B, 4 H].</param>
internal sealed record LstmPass(Tensor States, Tensor Cells, Tensor Gates)
{
    /// <summary>h, [T, B, H].</summary>
    public Tensor Outputs => States.narrow(0, 0, States.shape[0] - 1);
}
