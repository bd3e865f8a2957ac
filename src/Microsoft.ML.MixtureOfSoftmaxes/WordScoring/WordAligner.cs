using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.WordScoring;

/// <summary>A word in a text, and how many of the text's tokens are its own, after those of the words before it.</summary>
internal readonly record struct AlignedWord(int Start, int Length, int TokenCount);

/// <summary>
/// Finds the words of a text, which white space separates, and the tokens of each. What cannot be told apart stays together: from the first
/// word on whose tokens are not known, the rest of the text is one word.
/// </summary>
/// <param name="vocabulary">What the tokens are.</param>
/// <param name="tokenizer">Makes them of text; null where they are words, or where there is none.</param>
internal sealed class WordAligner(Vocabulary vocabulary, ISubwordTokenizer? tokenizer)
{
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens, without the mark at its end. Those that no word has are after the last one.</param>
    public List<AlignedWord> Align(string text, ReadOnlySpan<int> tokens) => vocabulary.IsOfBytes
        ? AlignBytes(text, tokens)
        : AlignAlone(text, tokens);

    private static List<(int Start, int End)> WordsOf(string text)
    {
        var words = new List<(int Start, int End)>();
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = start;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            if (end > start)
            {
                words.Add((start, end));
            }
        }

        return words;
    }

    // The bytes of the tokens are those of the text. A token belongs to the first word that ends after the token begins.
    private List<AlignedWord> AlignBytes(string text, ReadOnlySpan<int> tokens)
    {
        List<(int Start, int End)> words = WordsOf(text);
        int[] lengths = new int[tokens.Length];
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = vocabulary.BytesOf(tokens[i]).Length;
        }

        if (lengths.Sum() != Encoding.UTF8.GetByteCount(text))
        {
            return [.. Rest(words, 0, tokens.Length)];
        }

        var aligned = new List<AlignedWord>();
        int token = 0, position = 0, end = 0, counted = 0;
        foreach ((int start, int stop) in words)
        {
            end += Encoding.UTF8.GetByteCount(text.AsSpan(counted..stop));
            counted = stop;
            int first = token;
            while (token < lengths.Length && position < end)
            {
                position += lengths[token++];
            }

            aligned.Add(new(start, stop - start, token - first));
        }

        return aligned;
    }

    // A word has the same tokens alone, with or without the white space before it, as in the text; or the text up to its end has.
    private List<AlignedWord> AlignAlone(string text, ReadOnlySpan<int> tokens)
    {
        List<(int Start, int End)> words = WordsOf(text);
        var aligned = new List<AlignedWord>();
        int before = 0, token = 0;
        foreach ((int start, int end) in words)
        {
            if (TokensTo(text, before, start, end, tokens, token) is not int next)
            {
                return [.. aligned, .. Rest(words, aligned.Count, tokens.Length - token)];
            }

            aligned.Add(new(start, end - start, next - token));
            (before, token) = (end, next);
        }

        return aligned;
    }

    private static IEnumerable<AlignedWord> Rest(List<(int Start, int End)> words, int first, int tokenCount) => first < words.Count
        ? [new(words[first].Start, words[^1].End - words[first].Start, tokenCount)]
        : [];

    /// <summary>How many tokens there are up to the end of a word; null if that is not known.</summary>
    private int? TokensTo(string text, int before, int start, int end, ReadOnlySpan<int> tokens, int token) =>
        Tokenize(text[before..end]) is int[] withSpace && tokens[token..].StartsWith(withSpace) ? token + withSpace.Length
        : Tokenize(text[start..end]) is int[] alone && tokens[token..].StartsWith(alone) ? token + alone.Length
        : Tokenize(text[..end]) is int[] all && all.Length >= token && tokens.StartsWith(all) ? all.Length
        : null;

    private int[]? Tokenize(string text)
    {
        if (vocabulary.Encoding == TokenEncoding.Words)
        {
            var keys = new List<uint>();
            vocabulary.Tokenize(text, keys);
            return [.. keys.Select(key => (int)key - 1)];
        }

        return tokenizer?.Tokenize(text).Select(token => vocabulary.IndexOf(token)).ToArray();
    }
}
