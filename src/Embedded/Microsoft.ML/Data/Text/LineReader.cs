using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A line that is a row, and where it begins.</summary>
internal readonly record struct TextLine(string? Path, long Number, string Text);

/// <summary>Reads the lines that are rows, file after file.</summary>
internal static class LineReader
{
    public static IEnumerable<TextLine> Read(IMultiStreamSource source, TextLoader.Options options, bool hasHeader)
    {
        for (int i = 0; i < source.Count; i++)
        {
            bool first = true;
            foreach (TextLine line in ReadFile(source, i, options))
            {
                bool isComment = line.Text.StartsWith("//", StringComparison.Ordinal) || (first && line.Text.StartsWith('#'));
                if (line.Text.Length == 0 || isComment)
                    continue;
                if (!first || !hasHeader)
                    yield return line;
                first = false;
            }
        }
    }

    private static IEnumerable<TextLine> ReadFile(IMultiStreamSource source, int index, TextLoader.Options options)
    {
        string? path = source.GetPathOrNull(index);
        using TextReader reader = source.OpenTextReader(index);
        FieldSplitter? splitter = options is { AllowQuoting: true, ReadMultilines: true } ? new FieldSplitter(options) : null;
        long number = 0;
        while (reader.ReadLine() is { } text)
        {
            long begin = ++number;
            while (splitter is not null && EndsInQuotes(splitter, text))
            {
                string next = reader.ReadLine() ?? throw Contracts.ExceptDecode(
                    null, $"A quoted field opened on line {begin} of '{path}' was never closed before the end of the file.");
                text = $"{text}\n{next}";
                number++;
            }

            yield return new TextLine(path, begin, text);
        }
    }

    private static bool EndsInQuotes(FieldSplitter splitter, string text)
    {
        splitter.Split(text, int.MaxValue);
        return splitter.EndsInQuotes;
    }
}
