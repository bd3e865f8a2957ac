using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Reports.Pages;
using Mos.Sweeps;

namespace Mos.Tests.Support;

/// <summary>Sweeps that no one has waited for.</summary>
internal static class SweepSummaries
{
    /// <summary>Many heads and sizes with figures of the order that Penn Treebank gives, some close together, and a run that failed.</summary>
    public static SweepSummary Large { get; } = Of(
        60,
        [
            .. from head in (string[])["softmax", "moc", "mos", "moss", "mixtape", "plif", "mos --latent-rank 40"]
               from experts in head is "softmax" or "plif" ? (int[])[1] : [2, 5, 10, 15]
               from size in (int[])[64, 128, 280]
               select Configuration(
                   head, experts, size, 70 + (2_000.0 / size) + (10.0 / experts) + (head.Length % 5), 0.01 * experts * Math.Sqrt(size)),
        ],
        new FailedRun("mos-K15-d1000-s1", "Memory ran out: lower BatchSize, or SequenceLength, or Experts."));

    public static SweepSummary Of(double? floor, SweptConfiguration[] configurations, params FailedRun[] failed) =>
        new(floor, configurations.Sum(one => one.Runs.Count) + failed.Length, 5, SweepSummary.WithFronts(configurations), failed);

    /// <param name="head">The head.</param>
    /// <param name="experts">K.</param>
    /// <param name="size">d.</param>
    /// <param name="perplexity">The mean of two seeds, which are one apart.</param>
    /// <param name="seconds">Of training; scoring takes a tenth.</param>
    public static SweptConfiguration Configuration(string head, int experts, int size, double perplexity, double seconds)
    {
        string name = $"{head.Replace(" ", "-")}-K{experts}-d{size}";
        return new()
        {
            Name = name,
            Head = head,
            Experts = experts,
            EmbeddingSize = size,
            Runs = [Run(1, perplexity - 0.5), Run(2, perplexity + 0.5)],
            TrainingSeconds = seconds,
            ScoringSeconds = seconds / 10,
            TrainingBytes = (long)(seconds * 1e9),
        };

        SweptRun Run(int seed, double at) => new($"{name}-s{seed}", seed, new()
        {
            Perplexity = at,
            PerplexityInterval = new(at * 0.97, at * 1.03),
            ValidationPerplexity = at * 1.05,
            Parameters = (10_000 * size) + (experts * size * 250),
            Tokens = 1_000_000,
            Seconds = 1_000,
            Epochs = 3,
            End = TrainingEnd.Time,
            Rank = size + 2,
        });
    }

    public static string Page(SweepSummary summary)
    {
        var writer = new StringWriter();
        SweepPage.Write(writer, summary);
        return writer.ToString();
    }
}
