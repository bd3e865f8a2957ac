using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Sweeps;

/// <summary>What came of a run; without an error all figures are there but those that can be null by themselves.</summary>
internal sealed record RunResult
{
    /// <summary>Why there are no figures; null where there are.</summary>
    public string? Error { get; init; }

    /// <summary>Of the test text.</summary>
    public double Perplexity { get; init; }

    /// <summary>By the bootstrap over the test text; null where that is too short.</summary>
    public ConfidenceInterval? PerplexityInterval { get; init; }

    /// <summary>Of the weights that were kept; null where the run ended before its first validation.</summary>
    public double? ValidationPerplexity { get; init; }

    public long Parameters { get; init; }

    /// <summary>Tokens trained on.</summary>
    public long Tokens { get; init; }

    /// <summary>Spent on training.</summary>
    public double Seconds { get; init; }

    /// <summary>Epochs begun.</summary>
    public int Epochs { get; init; }

    /// <summary>What ended training.</summary>
    public TrainingEnd? End { get; init; }

    /// <summary>Of the matrix of log-probabilities, as 'mos rank' measures it; null where it was not or could not be measured.</summary>
    public int? Rank { get; init; }
}
