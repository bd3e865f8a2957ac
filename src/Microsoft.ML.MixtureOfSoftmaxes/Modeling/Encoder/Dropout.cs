using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// Dropout masks that hold still: over time (locked), over a whole weight, over a word type. They are the same on every device, drawn where they are
/// needed. On a GPU without kernels they are made on the CPU, all but those of whole weights, which are large, and which the GPU draws otherwise.
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
        return x_t_b_d * For(x_t_b_d, drop.OfColumns, drop.Source.FirstColumn, (int)shape[1], (int)shape[2]).unsqueeze(0);
    }

    /// <summary>Embeds words [T, B] into [T, B, d]; a dropped word type is zero at all its places.</summary>
    public static Tensor Embed(Tensor embedding_v_d, Tensor words_t_b, Drop drop)
    {
        using Tensor words = words_t_b.flatten();
        Tensor rows = EmbeddedRows.Of(embedding_v_d, words);
        if (drop.Rate != 0)
        {
            Tensor mask_1_v = For(embedding_v_d, drop.OfPass, firstRow: 0, rows: 1, (int)embedding_v_d.shape[0]);
            rows = rows * mask_1_v.view(-1, 1).index_select(0, words);
        }

        return rows.view(words_t_b.shape[0], words_t_b.shape[1], embedding_v_d.shape[1]);
    }

    /// <summary>The mask of a weight: 0, or 1 / (1 - rate), so that the expectation stays.</summary>
    public static Tensor OfWeight(Tensor weight_r_h, Drop drop)
    {
        long[] shape = weight_r_h.shape;
        if (weight_r_h.device_type != DeviceType.CUDA || CudaModule.Of(weight_r_h.device_index) is not null)
        {
            return For(weight_r_h, drop.OfPass, firstRow: 0, (int)shape[0], (int)shape[1]);
        }

        cuda.manual_seed_all(drop.OfPass.SeedOfItsOwn);
        return weight_r_h.new_empty(shape).bernoulli_(1 - drop.Rate).div_(1 - drop.Rate);
    }

    /// <summary>Rows of a mask, of the type of a tensor and where it is.</summary>
    private static Tensor For(Tensor like, DropoutMask mask, int firstRow, int rows, int length)
    {
        if (like.device_type != DeviceType.CUDA)
        {
            return mask.Create(firstRow, rows, length).to(like.dtype, like.device);
        }

        // From memory that a GPU reads by itself, so that nobody waits for what it has to do before.
        return CudaModule.Of(like.device_index) is CudaModule kernels
            ? CudaDropoutMask.Create(mask, kernels, like.device, firstRow, rows, length).to(like.dtype)
            : mask.Create(firstRow, rows, length).pin_memory().to(like.dtype, like.device, non_blocking: true);
    }
}
