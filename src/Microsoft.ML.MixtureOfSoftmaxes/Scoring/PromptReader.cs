using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Turns prompts and contexts into the tokens that a model reads before it goes on; ends of sentences may be among them.</summary>
/// <param name="vocabulary">The model's tokens.</param>
/// <param name="tokenizer">Makes the model's tokens of text; null where these are words, or where there is none.</param>
internal sealed class PromptReader(Vocabulary vocabulary, ISubwordTokenizer? tokenizer)
{
    /// <exception cref="InvalidOperationException">The model's tokens are not words, and no tokenizer makes them.</exception>
    public int[] Read(string prompt)
    {
        List<int> tokens = [];
        if (vocabulary.Encoding == TokenEncoding.Words)
        {
            AddWords(prompt, tokens);
        }
        else
        {
            AddSentences(prompt, tokens);
        }

        return [.. tokens];
    }

    private void AddWords(string prompt, List<int> tokens)
    {
        foreach (ReadOnlySpan<char> word in new WordSplitter(prompt))
        {
            tokens.Add(vocabulary.IndexOf(word));
        }
    }

    private void AddSentences(string prompt, List<int> tokens)
    {
        string[] sentences = prompt.Split(vocabulary.EndOfSentence);
        for (int i = 0; i < sentences.Length; i++)
        {
            if (i > 0)
            {
                tokens.Add(vocabulary.EndOfSentenceIndex);
            }

            tokens.AddRange(Tokenize(sentences[i]).Select(token => vocabulary.IndexOf(token)));
        }
    }

    private IEnumerable<string> Tokenize(string text) => text.Length == 0
        ? []
        : tokenizer?.Tokenize(text) ?? throw new InvalidOperationException(
            "The model's tokens are not words, and without its tokenizer no prompt or context can be read: pass the chain that holds the " +
            "tokenizer it was trained with, or leave the text empty.");
}
