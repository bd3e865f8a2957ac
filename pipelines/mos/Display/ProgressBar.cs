using Microsoft.ML.MixtureOfSoftmaxes;
using Spectre.Console;

namespace Mos.Display;

/// <summary>A bar of the epoch's steps; the line of each validation stays above it.</summary>
internal sealed class ProgressBar(IAnsiConsole console, ProgressTask task) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        task.MaxValue = value.StepsPerEpoch;
        task.Value = value.Step;
        task.Description = ProgressText.DescribeStep(value).EscapeMarkup();
        if (value.ValidationPerplexity is not null)
        {
            console.WriteLine(ProgressText.DescribeEpoch(value));
        }
    }
}
