using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Display;

/// <summary>Writes a line when an analysis enters a stage, and every ten seconds.</summary>
/// <param name="writer">Takes the lines.</param>
/// <param name="model">The name of the model; null if the analysis reports it.</param>
internal sealed class AnalysisLines(TextWriter writer, string? model = null) : IProgress<AnalysisProgress>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
    private (string Model, AnalysisStage Stage)? _last;

    public void Report(AnalysisProgress value)
    {
        if ((value.Model, value.Stage) != _last || _sinceLine.Elapsed >= s_interval)
        {
            _last = (value.Model, value.Stage);
            _sinceLine.Restart();
            writer.WriteLine(FormattableString.Invariant($"{model ?? value.Model}: {Describe(value.Stage)}, {value.Share:P0}"));
        }
    }

    private static string Describe(AnalysisStage stage) => stage switch
    {
        AnalysisStage.Scoring => "scoring the text",
        AnalysisStage.Distributions => "next-word distributions",
        _ => "singular values",
    };
}
