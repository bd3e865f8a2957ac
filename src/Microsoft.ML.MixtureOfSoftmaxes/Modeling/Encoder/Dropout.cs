using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>Dropout masks that hold still: over time (locked), over a whole weight, over a word type.</summary>
internal static class Dropout
{
    /// <summary>Zeros with probability <paramref name="rate"/>, else 1 / (1 - rate), so that the expectation stays.</summary>
    public static Tensor Mask(Tensor like, double rate, params long[] shape) =>
        like.new_empty(shape).bernoulli_(1 - rate).div_(1 - rate);

    /// <summary>Locked dropout of x [T, B, D]: the same mask [1, B, D] at every time step.</summary>
    public static Tensor Locked(Tensor x_t_b_d, double rate) =>
        rate == 0 ? x_t_b_d : x_t_b_d * Mask(x_t_b_d, rate, 1, x_t_b_d.shape[1], x_t_b_d.shape[2]);

    /// <summary>Embeds words [T, B] into [T, B, d]; a dropped word type is zero at all its places.</summary>
    public static Tensor Embed(Tensor embedding_v_d, Tensor words_t_b, double rate)
    {
        using Tensor words = words_t_b.flatten();
        Tensor rows = embedding_v_d.index_select(0, words);
        if (rate != 0)
        {
            rows = rows * Mask(embedding_v_d, rate, embedding_v_d.shape[0], 1).index_select(0, words);
        }

        return rows.view(words_t_b.shape[0], words_t_b.shape[1], embedding_v_d.shape[1]);
    }
}
