using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Sweeps;

/// <summary>A configuration, the runs of it that have figures, and what it costs.</summary>
internal sealed record SweptConfiguration
{
    public required string Name { get; init; }

    /// <summary>The head, with options of its own.</summary>
    public required string Head { get; init; }

    /// <summary>K; 1 for a head without experts.</summary>
    public required int Experts { get; init; }

    /// <summary>d.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>At least one, by seed.</summary>
    public required IReadOnlyList<SweptRun> Runs { get; init; }

    /// <summary>For 1,000 tokens, the median of the rounds; null before the measurement.</summary>
    public double? TrainingSeconds { get; init; }

    /// <inheritdoc cref="TrainingSeconds"/>
    public double? ScoringSeconds { get; init; }

    /// <summary>What training takes at most at a time; null where it is not known.</summary>
    public long? TrainingBytes { get; init; }

    /// <summary>The mean over the seeds, of the test text.</summary>
    public double Perplexity => Runs.Average(run => run.Result.Perplexity);

    /// <summary>From the lowest to the highest end of the seeds' bootstrap intervals; null where a seed has none.</summary>
    public ConfidenceInterval? PerplexityInterval => Runs.All(run => run.Result.PerplexityInterval is not null)
        ? new(Runs.Min(run => run.Result.PerplexityInterval!.Value.Low), Runs.Max(run => run.Result.PerplexityInterval!.Value.High))
        : null;

    public long Parameters => Runs[0].Result.Parameters;

    /// <summary>On which fronts it is, by <see cref="Cost.Name"/>.</summary>
    public IReadOnlyList<string> Fronts { get; init; } = [];
}

/// <summary>A run that has figures.</summary>
internal sealed record SweptRun(string Name, int Seed, RunResult Result);

/// <summary>A run that has none, and why.</summary>
internal sealed record FailedRun(string Name, string Error);
