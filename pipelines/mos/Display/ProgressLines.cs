using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Display;

/// <summary>A line at the first step, then every ten seconds and at each validation.</summary>
internal sealed class ProgressLines(TextWriter writer) : IProgress<TrainingProgress>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private TimeSpan _next = TimeSpan.Zero;

    public void Report(TrainingProgress value)
    {
        if (value.ValidationPerplexity is not null || value.Elapsed >= _next)
        {
            _next = value.Elapsed + s_interval;
            writer.WriteLine(ProgressText.Describe(value));
        }
    }
}
