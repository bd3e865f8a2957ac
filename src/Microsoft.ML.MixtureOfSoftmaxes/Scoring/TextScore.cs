namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How well a model predicts a text.</summary>
/// <param name="LogLikelihood">Sum of log P over what counts, nats.</param>
/// <param name="TokenCount">How many predictions count: words, and the end-of-sentence mark.</param>
/// <param name="OutOfVocabularyCount">How many of them are words that the model does not know; none where these do not count.</param>
/// <param name="Perplexity">exp(-LogLikelihood / TokenCount); NaN where nothing counts.</param>
/// <param name="BitsPerCharacter">-LogLikelihood in bits over the characters of what counts; NaN where nothing counts.</param>
/// <param name="Tokens">The words in order, and the end-of-sentence mark if it counts; empty if tokens were not asked for.</param>
/// <param name="IsGreedy">
/// Whether greedy decoding gives the text: in the place of no token that counts another is likelier. Null where no context was given.
/// </param>
public sealed record TextScore(
    double LogLikelihood,
    int TokenCount,
    int OutOfVocabularyCount,
    double Perplexity,
    double BitsPerCharacter,
    IReadOnlyList<TokenScore> Tokens,
    bool? IsGreedy = null);

/// <summary>How well a model predicts one token.</summary>
/// <param name="Token">The word as the model knows it: the unknown word in the place of one that it does not know.</param>
/// <param name="LogLikelihood">log P given all before it, nats.</param>
/// <param name="IsUnknown">Whether it is the unknown word.</param>
public readonly record struct TokenScore(string Token, float LogLikelihood, bool IsUnknown);
