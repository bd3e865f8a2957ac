using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Output;

/// <summary>Writes generated words, each as soon as it is drawn.</summary>
internal static class GeneratedTextLines
{
    /// <summary>The text, one line per sentence.</summary>
    public static void Write(TextWriter writer, IEnumerable<GeneratedWord> words)
    {
        foreach (GeneratedWord word in words)
        {
            writer.Write(word.Text);
            writer.Flush();
        }

        writer.WriteLine();
    }

    /// <summary>One line per token, ends of sentences included, with its log-probability; an empty line after the text.</summary>
    public static void WriteTable(TextWriter writer, IEnumerable<GeneratedWord> words)
    {
        foreach (GeneratedWord word in words)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word.Word}\t{word.LogProbability:G9}"));
            writer.Flush();
        }

        writer.WriteLine();
    }

    /// <summary>An object for JSON: the text with a line end between its sentences, and its words.</summary>
    public static object Json(GeneratedWord[] words) => new
    {
        Text = string.Concat(words.Select(word => word.Text)),
        LogProbability = words.Sum(word => word.LogProbability),
        Words = words.Select(word => new { word.Word, word.LogProbability }),
    };
}
