namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>A token of a prompt or of what a model generated after it.</summary>
/// <param name="Id">Its position in <see cref="LanguageModelTransformer.Words"/>.</param>
/// <param name="Token">
/// The token as the model knows it: a word, with a space before it within a line; the characters of a byte pair, or its bytes where they
/// are no characters by themselves (<c>bytes:\xe2\x82</c>); the unknown word in the place of one that it does not know; a mark.
/// </param>
/// <param name="Text">
/// What it covers of the prompt or adds to it: the texts of all tokens put together are the prompt and its continuation.
/// </param>
/// <param name="LogProbability">
/// log P given all before it, nats: the model's own, before temperature and cuts. Null for a token of the prompt if that was not asked for,
/// and for an end of sentence that the prompt begins with.
/// </param>
/// <param name="Alternatives">The likeliest tokens at its place, best first, as many as were asked for.</param>
/// <param name="IsPrompt">Whether it is of the prompt.</param>
/// <param name="IsEndOfSentence">Whether it is the end-of-sentence mark.</param>
public sealed record CompletionToken(
    int Id,
    string Token,
    string Text,
    float? LogProbability,
    IReadOnlyList<TokenAlternative> Alternatives,
    bool IsPrompt,
    bool IsEndOfSentence);

/// <summary>A token that may stand at a place.</summary>
/// <param name="Id">Its position in <see cref="LanguageModelTransformer.Words"/>.</param>
/// <param name="Token">The token, as in <see cref="CompletionToken.Token"/>.</param>
/// <param name="LogProbability">log P given all before it, nats.</param>
public readonly record struct TokenAlternative(int Id, string Token, float LogProbability);
