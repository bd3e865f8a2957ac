using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// Dropout masks that hold still: over time (locked), over a whole weight, over a word type. They are made on the CPU, so that they are the same
/// on every device; all but those of whole weights, which are large, and which a GPU draws itself.
/// </summary>
internal static class Dropout
{
    /// <summary>Locked dropout of x [T, B, D]: the same mask [1, B, D] at every time step.</summary>
    public static Tensor Locked(Tensor x_t_b_d, Drop drop)
    {
        if (drop.Rate == 0)
        {
            return x_t_b_d;
        }

        long[] shape = x_t_b_d.shape;
        return x_t_b_d * ToThePlaceOf(x_t_b_d, drop.OfColumns.Create(drop.Source.FirstColumn, (int)shape[1], (int)shape[2])).unsqueeze(0);
    }

    /// <summary>Embeds words [T, B] into [T, B, d]; a dropped word type is zero at all its places.</summary>
    public static Tensor Embed(Tensor embedding_v_d, Tensor words_t_b, Drop drop)
    {
        using Tensor words = words_t_b.flatten();
        Tensor rows = EmbeddedRows.Of(embedding_v_d, words);
        if (drop.Rate != 0)
        {
            Tensor mask_1_v = ToThePlaceOf(embedding_v_d, drop.OfPass.Create(firstRow: 0, rows: 1, (int)embedding_v_d.shape[0]));
            rows = rows * mask_1_v.view(-1, 1).index_select(0, words);
        }

        return rows.view(words_t_b.shape[0], words_t_b.shape[1], embedding_v_d.shape[1]);
    }

    /// <summary>The mask of a weight: 0, or 1 / (1 - rate), so that the expectation stays.</summary>
    public static Tensor OfWeight(Tensor weight_r_h, Drop drop)
    {
        long[] shape = weight_r_h.shape;
        if (weight_r_h.device.type == TorchSharp.DeviceType.CPU)
        {
            return ToThePlaceOf(weight_r_h, drop.OfPass.Create(firstRow: 0, (int)shape[0], (int)shape[1]));
        }

        cuda.manual_seed_all(drop.OfPass.SeedOfItsOwn);
        return weight_r_h.new_empty(shape).bernoulli_(1 - drop.Rate).div_(1 - drop.Rate);
    }

    private static Tensor ToThePlaceOf(Tensor like, Tensor mask) => mask.to(like.dtype, like.device);
}
