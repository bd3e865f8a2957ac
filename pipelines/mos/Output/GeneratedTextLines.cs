using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes.Generation;

namespace Mos.Output;

/// <summary>Generated words as they come.</summary>
internal static class GeneratedTextLines
{
    /// <summary>One line a sentence.</summary>
    public static void Write(TextWriter writer, IEnumerable<GeneratedWord> words)
    {
        bool isLineOpen = false;
        foreach (GeneratedWord word in words)
        {
            if (word.IsEndOfSentence)
            {
                writer.WriteLine();
            }
            else
            {
                writer.Write(isLineOpen ? " " + word.Word : word.Word);
            }

            writer.Flush();
            isLineOpen = !word.IsEndOfSentence;
        }

        if (isLineOpen)
        {
            writer.WriteLine();
        }
    }

    /// <summary>One line a word with its log-probability, ends of sentences among them; an empty line after the text.</summary>
    public static void WriteTable(TextWriter writer, IEnumerable<GeneratedWord> words)
    {
        foreach (GeneratedWord word in words)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word.Word}\t{word.LogProbability:G9}"));
            writer.Flush();
        }

        writer.WriteLine();
    }

    /// <summary>What becomes a JSON object: the text with a line end between its sentences, and its words.</summary>
    public static object Json(GeneratedWord[] words)
    {
        var text = new StringWriter { NewLine = "\n" };
        Write(text, words);
        return new
        {
            Text = text.ToString().TrimEnd('\n'),
            LogProbability = words.Sum(word => word.LogProbability),
            Words = words.Select(word => new { word.Word, word.LogProbability }),
        };
    }
}
