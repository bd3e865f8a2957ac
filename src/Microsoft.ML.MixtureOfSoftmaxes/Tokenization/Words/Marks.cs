using Microsoft.ML.MixtureOfSoftmaxes.Columns;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>The two marks of a vocabulary: the word that stands for unknown ones, and the end of a sentence.</summary>
internal static class Marks
{
    /// <exception cref="ArgumentException">One of them is no word, or both are the same.</exception>
    public static void Check(string unknownWord, string endOfSentence)
    {
        CheckWord("UnknownWord", unknownWord);
        CheckWord("EndOfSentence", endOfSentence);
        if (unknownWord == endOfSentence)
        {
            throw OptionRange.Wrong("EndOfSentence", $"'{endOfSentence}'", "a word other than UnknownWord");
        }
    }

    private static void CheckWord(string name, string mark)
    {
        if (string.IsNullOrEmpty(mark) || mark.Any(char.IsWhiteSpace))
        {
            throw OptionRange.Wrong(name, $"'{mark}'", "a word without white space");
        }

        if (!ValidText.Is(mark))
        {
            throw OptionRange.Wrong(name, $"'{mark}'", "text without halves of surrogate pairs");
        }
    }
}
