using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Mos.Display;

/// <summary>Training progress in words.</summary>
internal static class ProgressText
{
    public static string Describe(TrainingProgress progress)
    {
        string validation = progress.ValidationPerplexity is double perplexity
            ? FormattableString.Invariant($", validation {perplexity:F2}")
            : "";
        return FormattableString.Invariant($"epoch {progress.Epoch}/{progress.MaximumEpochs}") +
            FormattableString.Invariant($" step {progress.Step}/{progress.StepsPerEpoch}: perplexity {progress.Perplexity:F2}") +
            validation +
            FormattableString.Invariant($", rate {progress.LearningRate:G3}, {progress.TokensPerSecond:N0} tokens/s") +
            FormattableString.Invariant($", {Whole(progress.Elapsed)} gone, at most {Whole(progress.Remaining)} left");
    }

    public static TimeSpan Whole(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
}
