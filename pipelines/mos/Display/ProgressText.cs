using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Display;

/// <summary>Describes the progress of training.</summary>
internal static class ProgressText
{
    /// <summary>Everything, for a log.</summary>
    public static string Describe(TrainingProgress progress)
    {
        string validation = progress.ValidationPerplexity is double perplexity
            ? FormattableString.Invariant($", validation {perplexity:F2}")
            : "";
        return FormattableString.Invariant($"epoch {progress.Epoch}/{progress.MaximumEpochs}") +
            FormattableString.Invariant($" step {progress.Step}/{progress.StepsPerEpoch}: perplexity {progress.Perplexity:F2}") +
            validation +
            FormattableString.Invariant($", rate {progress.LearningRate:G3}, {progress.TokensPerSecond:N0} tokens/s") +
            $", {TimeLeft.Text(progress.Elapsed)} elapsed, at most {TimeLeft.Text(progress.Remaining)} left";
    }

    /// <summary>A finished epoch in fewer than 80 characters, with its figures below those of earlier epochs.</summary>
    public static string DescribeEpoch(TrainingProgress progress)
    {
        string last = FormattableString.Invariant($"{progress.MaximumEpochs}");
        string epoch = FormattableString.Invariant($"{progress.Epoch}").PadLeft(last.Length);
        return FormattableString.Invariant($"epoch {epoch}/{last}: train {Short(progress.Perplexity),7}") +
            FormattableString.Invariant($", valid {Short(progress.ValidationPerplexity ?? double.NaN),7}") +
            FormattableString.Invariant($", {progress.TokensPerSecond,7:N0} tok/s, {TimeLeft.Text(progress.Remaining)} left");
    }

    /// <summary>The current step, short enough for the place beside the bar in a line of 80 characters.</summary>
    public static string DescribeStep(TrainingProgress progress) =>
        FormattableString.Invariant($"epoch {progress.Epoch}/{progress.MaximumEpochs}, ppl {Short(progress.Perplexity)}") +
        FormattableString.Invariant($", {progress.TokensPerSecond:N0}/s, {TimeLeft.Text(progress.Remaining)} left");

    private static string Short(double perplexity) => perplexity switch
    {
        < 1_000 => FormattableString.Invariant($"{perplexity:F2}"),
        < 1_000_000 => FormattableString.Invariant($"{perplexity:F0}"),
        _ => FormattableString.Invariant($"{perplexity:0.#e0}"),
    };
}
