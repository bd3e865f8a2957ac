using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Generation;

/// <summary>Turns prompts into what a model reads before it goes on: an end of sentence, then the tokens of the prompt.</summary>
/// <param name="vocabulary">The model's tokens.</param>
/// <param name="tokenizer">Makes the model's tokens of text; null where these are words, or where there is none.</param>
internal sealed class PromptReader(Vocabulary vocabulary, ISubwordTokenizer? tokenizer)
{
    /// <exception cref="InvalidOperationException">The model's tokens are not words, and no tokenizer makes them.</exception>
    public int[] Read(string prompt)
    {
        List<int> tokens = [vocabulary.EndOfSentenceIndex];
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
            "The model's tokens are not words, and without its tokenizer a prompt cannot be read: create the generator with the chain that " +
            "holds the tokenizer it was trained with, or leave the prompt empty.");
}
