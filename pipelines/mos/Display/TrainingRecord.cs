using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Display;

/// <summary>Keeps what a report on a finished run needs, and passes progress on.</summary>
internal sealed class TrainingRecord(IProgress<TrainingProgress> next) : IProgress<TrainingProgress>
{
    /// <summary>Null before the first step.</summary>
    public TrainingProgress? Latest { get; private set; }

    /// <summary>That of the weights the trainer keeps; null without a validation.</summary>
    public double? BestValidationPerplexity { get; private set; }

    public void Report(TrainingProgress value)
    {
        Latest = value;
        if (value.ValidationPerplexity is double perplexity)
        {
            BestValidationPerplexity = Math.Min(perplexity, BestValidationPerplexity ?? double.PositiveInfinity);
        }

        next.Report(value);
    }
}
