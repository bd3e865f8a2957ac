using Microsoft.ML.MixtureOfSoftmaxes;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Workloads;

/// <summary>Checks, before anything is measured, that the formulations compute the same.</summary>
internal static class Agreement
{
    private const double Tolerance = 1e-5;

    /// <exception cref="InvalidOperationException">Log-likelihoods or gradients differ.</exception>
    public static void Check(Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        using var plain = (HeadWorkload)Workload.Create(Setting.Small, Part.Head, Case.Plain, device);
        using var fused = (HeadWorkload)Workload.Create(
            Setting.Small, Part.Head, new(Formulation.Fused, Precision.Float32), device);
        CheckSame("log-likelihood", plain.LogLikelihood(), fused.LogLikelihood());
        foreach (((string name, var expected), (_, var actual)) in plain.Parameters.Zip(fused.Parameters))
        {
            CheckSame($"gradient with respect to {name}", expected.grad!, actual.grad!);
        }
    }

    private static void CheckSame(string what, Tensor expected, Tensor actual)
    {
        double difference = (expected - actual).abs().max().item<float>() / expected.abs().max().item<float>();
        if (!(difference <= Tolerance))
        {
            throw new InvalidOperationException(
                $"The fused head does not compute what the plain formulation computes: {what} differs by {difference:E1} of " +
                $"its largest element; {Tolerance:E0} is allowed. Nothing was measured.");
        }
    }
}
