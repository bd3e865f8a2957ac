using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>
/// The logits [M, V] of any number of contexts as the product of their factors [h, 1] and [w, b], of which only the triangular parts
/// of QR decompositions are kept: M contexts take the memory of d + 1. With partitions of the vocabulary the contexts of all of them stand side by
/// side, and the decoder's rows are 0 for those of other partitions.
/// </summary>
internal sealed class LogitFactors : IDisposable
{
    private readonly Tensor _decoder_r_r;
    private Tensor? _contexts_r_r;

    /// <param name="weight_v_d">w, in float64.</param>
    /// <param name="bias_v">b, in float64.</param>
    /// <param name="partitions">Those of the vocabulary.</param>
    public LogitFactors(Tensor weight_v_d, Tensor bias_v, int partitions)
    {
        using DisposeScope scope = NewDisposeScope();
        var words = new WordPartitions(partitions, bias_v.shape[0]);
        Tensor wide_v_jd = weight_v_d.new_zeros(weight_v_d.shape[0], partitions * weight_v_d.shape[1]);
        foreach (int j in words.Each)
        {
            words.Of(wide_v_jd, j).narrow(1, j * weight_v_d.shape[1], weight_v_d.shape[1]).copy_(words.Of(weight_v_d, j));
        }

        _decoder_r_r = Triangle(cat([wide_v_jd, bias_v.unsqueeze(1)], 1)).DetachFromDisposeScope();
    }

    /// <summary>Adds the contexts of mixtures, in float64.</summary>
    public void Add(Mixture mixture)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor contexts_m_jd = cat([.. Enumerable.Range(0, mixture.Partitions).Select(mixture.ContextsOf)], 1);
        Tensor rows = cat([contexts_m_jd, ones(contexts_m_jd.shape[0], 1, ScalarType.Float64, contexts_m_jd.device)], 1);
        Tensor next = Triangle(_contexts_r_r is null ? rows : cat([_contexts_r_r, rows], 0)).DetachFromDisposeScope();
        _contexts_r_r?.Dispose();
        _contexts_r_r = next;
    }

    /// <summary>Those of the logits of all contexts added, of which there is at least one; largest first.</summary>
    public double[] SingularValues()
    {
        using DisposeScope scope = NewDisposeScope();
        return linalg.svdvals(_contexts_r_r!.matmul(_decoder_r_r.t())).cpu().data<double>().ToArray();
    }

    public void Dispose()
    {
        _decoder_r_r.Dispose();
        _contexts_r_r?.Dispose();
    }

    private static Tensor Triangle(Tensor factor)
    {
        (_, Tensor triangle) = linalg.qr(factor, linalg.QRMode.R);
        return triangle;
    }
}
