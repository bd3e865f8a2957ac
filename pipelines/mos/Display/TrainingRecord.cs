using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Display;

/// <summary>Keeps what the report on a finished run needs, and passes progress on.</summary>
/// <param name="next">Gets the progress too.</param>
internal sealed class TrainingRecord(IProgress<TrainingProgress> next) : IProgress<TrainingProgress>
{
    /// <summary>The latest progress; null before the first step.</summary>
    public TrainingProgress? Latest { get; private set; }

    /// <summary>The validation perplexity of the weights that the trainer keeps; null without validation.</summary>
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
