namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>What a completion generates, and what it tells of its tokens.</summary>
public sealed record CompletionOptions
{
    /// <summary>Which tokens are generated, how many, and how they are drawn; null for none.</summary>
    public GenerationOptions? Generation { get; init; } = new();

    /// <summary>Whether the tokens of the prompt have log-probabilities and alternatives. Default false.</summary>
    public bool ScorePrompt { get; init; }

    /// <summary>How many of the likeliest tokens are told at each place. Default 0; from 0 to 100.</summary>
    public int AlternativeCount { get; init; }

    internal void Validate() => OptionRange.Range(AlternativeCount, 0, 100);
}
