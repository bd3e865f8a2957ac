using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// How many words of a text are unknown. Where they are most of it, the unknown word is easy to predict, and a low perplexity says nothing.
/// </summary>
internal readonly record struct UnknownShare(long Unknown, long Words)
{
    public const string ScoringRemedy =
        "check that it is of the language and the tokens that the model was trained on, or train with a larger vocabulary";

    public const string TrainingRemedy = "lower the tokenizer's MinimumCount, raise its MaximumSize, or take files of one that knows the text";

    public bool IsMost => Unknown > Words / 2.0;

    public static UnknownShare operator +(UnknownShare a, UnknownShare b) => new(a.Unknown + b.Unknown, a.Words + b.Words);

    /// <summary>That of token ids.</summary>
    /// <param name="tokens">Words, and perhaps ends of sentences.</param>
    /// <param name="vocabulary">What they are.</param>
    public static UnknownShare Of(ReadOnlySpan<int> tokens, Vocabulary vocabulary) =>
        new(tokens.Count(vocabulary.UnknownIndex), tokens.Length - tokens.Count(vocabulary.EndOfSentenceIndex));

    /// <summary>Warns if most words are unknown.</summary>
    /// <param name="channel">Takes the message.</param>
    /// <param name="role">What the text is.</param>
    /// <param name="remedy">What can be done.</param>
    public void Warn(IChannel channel, string role, string remedy)
    {
        if (IsMost)
        {
            channel.Warning(
                MessageSensitivity.None,
                "{0:N0} of the {1:N0} words of the {2} are unknown, so that perplexity says little about it: {3}.",
                Unknown, Words, role, remedy);
        }
    }
}
