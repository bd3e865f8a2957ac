using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

namespace MosService.Completions;

/// <summary>A prompt as text or as tokens; one of them is null.</summary>
internal sealed record Prompt(string? Text, IReadOnlyList<int>? Tokens);

/// <summary>What a client asks for, within the limits.</summary>
internal sealed record CompletionRequest(
    string? Model,
    IReadOnlyList<Prompt> Prompts,
    int MaxTokens,
    double Temperature,
    double TopP,
    int N,
    int? LogProbs,
    bool Echo,
    IReadOnlyList<string> Stop,
    long? Seed,
    bool Stream,
    bool IncludeUsage,
    bool IgnoreEndOfSentence)
{
    /// <summary>The options of a choice; those of one prompt differ in their seeds.</summary>
    public CompletionOptions OptionsOf(int choiceOfPrompt) => new()
    {
        ScorePrompt = Echo && LogProbs is not null,
        AlternativeCount = LogProbs ?? 0,
        Generation = MaxTokens == 0 ? null : new GenerationOptions
        {
            MaximumTokens = MaxTokens,
            Temperature = Temperature,
            TopP = TopP < 1 ? TopP : null,
            StopAtEndOfSentence = !IgnoreEndOfSentence,
            Seed = Seed is long seed ? unchecked((int)(seed ^ (seed >> 32)) + choiceOfPrompt) : null,
        },
    };
}
