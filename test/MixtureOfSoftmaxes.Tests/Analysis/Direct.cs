using Microsoft.ML.MixtureOfSoftmaxes.Analysis;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis;

/// <summary>Hands progress on at once, on the thread that reports it.</summary>
internal sealed class Direct(Action<AnalysisProgress> act) : IProgress<AnalysisProgress>
{
    public void Report(AnalysisProgress value) => act(value);
}
