using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>
/// The logits [M, V] of any number of contexts as the product of their factors [h, 1] and [w, b], of which only the triangular parts
/// of QR decompositions are kept: M contexts take the memory of d + 1.
/// </summary>
internal sealed class LogitFactors : IDisposable
{
    private readonly Tensor _decoder_r_r;
    private Tensor? _contexts_r_r;

    /// <param name="weight_v_d">w, in float64.</param>
    /// <param name="bias_v">b, in float64.</param>
    public LogitFactors(Tensor weight_v_d, Tensor bias_v)
    {
        using DisposeScope scope = NewDisposeScope();
        _decoder_r_r = Triangle(cat([weight_v_d, bias_v.unsqueeze(1)], 1)).DetachFromDisposeScope();
    }

    /// <summary>Adds contexts h [m, d], in float64.</summary>
    public void Add(Tensor contexts_m_d)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = cat([contexts_m_d, ones(contexts_m_d.shape[0], 1, ScalarType.Float64, contexts_m_d.device)], 1);
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
