using System.Globalization;

namespace Mos.Sweeps;

/// <summary>Writes the raw figures of a sweep as tab-separated values, a row for each run.</summary>
internal static class SweepRows
{
    private static readonly (string Header, Func<SweptConfiguration, SweptRun, object?> Cell)[] s_columns =
    [
        ("run", (_, run) => run.Name),
        ("configuration", (one, _) => one.Name),
        ("head", (one, _) => one.Head),
        ("experts", (one, _) => one.Experts),
        ("embedding_size", (one, _) => one.EmbeddingSize),
        ("seed", (_, run) => run.Seed),
        ("perplexity", (_, run) => run.Result.Perplexity),
        ("perplexity_low", (_, run) => run.Result.PerplexityInterval?.Low),
        ("perplexity_high", (_, run) => run.Result.PerplexityInterval?.High),
        ("validation_perplexity", (_, run) => run.Result.ValidationPerplexity),
        ("rank", (_, run) => run.Result.Rank),
        ("parameters", (_, run) => run.Result.Parameters),
        ("tokens", (_, run) => run.Result.Tokens),
        ("epochs", (_, run) => run.Result.Epochs),
        ("end", (_, run) => run.Result.End),
        ("seconds", (_, run) => run.Result.Seconds),
        ("training_seconds_per_1000_tokens", (one, _) => one.TrainingSeconds),
        ("scoring_seconds_per_1000_tokens", (one, _) => one.ScoringSeconds),
        ("training_bytes", (one, _) => one.TrainingBytes),
    ];

    public static void Write(TextWriter writer, SweepSummary summary)
    {
        writer.WriteLine(string.Join('\t', s_columns.Select(column => column.Header)));
        foreach (SweptConfiguration one in summary.Configurations)
        {
            foreach (SweptRun run in one.Runs)
            {
                IEnumerable<object?> cells = s_columns.Select(column => column.Cell(one, run));
                writer.WriteLine(string.Join('\t', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))));
            }
        }
    }
}
