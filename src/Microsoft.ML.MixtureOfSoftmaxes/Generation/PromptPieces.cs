using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Generation;

/// <summary>The tokens of a prompt, and the text that each covers.</summary>
/// <param name="tokens">Its tokens.</param>
/// <param name="texts">
/// Put together they are the prompt, as its tokenizer writes it; a word has the white space before it, the last one that behind it too.
/// </param>
/// <param name="endOfSentence">The mark that a text begins after.</param>
internal sealed class PromptPieces(IReadOnlyList<int> tokens, IReadOnlyList<string> texts, int endOfSentence)
{
    public IReadOnlyList<int> Tokens => tokens;

    public IReadOnlyList<string> Texts => texts;

    public string Text => string.Concat(texts);

    /// <summary>Whether the prompt says itself what it begins after.</summary>
    public bool BeginsWithMark => tokens.Count > 0 && tokens[0] == endOfSentence;

    /// <summary>What a model reads after the end of sentence that it begins with, which is the prompt's own if that begins with one.</summary>
    public int[] ToRead() => [.. tokens.Skip(BeginsWithMark ? 1 : 0)];

    /// <exception cref="InvalidOperationException">The model's tokens are not words, and no tokenizer makes them.</exception>
    public static PromptPieces Of(string prompt, PromptReader reader, Vocabulary vocabulary)
    {
        int[] tokens = reader.Read(prompt);
        return new(
            tokens, vocabulary.Encoding == TokenEncoding.Words ? Split(prompt) : Decode(tokens, vocabulary, vocabulary.EndOfSentence),
            vocabulary.EndOfSentenceIndex);
    }

    public static PromptPieces Of(IReadOnlyList<int> tokens, Vocabulary vocabulary) =>
        new(tokens, Decode(tokens, vocabulary, "\n"), vocabulary.EndOfSentenceIndex);

    private static List<string> Split(string prompt)
    {
        List<string> texts = [];
        int start = 0;
        var words = new WordSplitter(prompt);
        while (words.MoveNext())
        {
            texts.Add(prompt[start..words.End]);
            start = words.End;
        }

        if (texts.Count > 0)
        {
            texts[^1] += prompt[start..];
        }

        return texts;
    }

    private static List<string> Decode(IReadOnlyList<int> tokens, Vocabulary vocabulary, string mark)
    {
        var text = new IncrementalDetokenizer(vocabulary, "");
        List<string> texts = new(tokens.Count);
        foreach (int token in tokens)
        {
            string added = text.Add(token, isLast: texts.Count == tokens.Count - 1);
            texts.Add(token == vocabulary.EndOfSentenceIndex ? mark : added);
        }

        return texts;
    }
}
