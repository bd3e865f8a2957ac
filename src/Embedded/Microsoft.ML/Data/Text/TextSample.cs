namespace Microsoft.ML.Data;

/// <summary>What the first lines of a file tell: the names of the fields, and how many there are.</summary>
internal sealed class TextSample
{
    private const int MaxLines = 100;

    private TextSample(string[] names, IReadOnlyList<string> lines, FieldSplitter splitter)
    {
        FieldNames = names;
        FieldCounts = [.. lines.Select(line => splitter.Split(line, int.MaxValue))];
    }

    /// <summary>Empty without a header.</summary>
    public string[] FieldNames { get; }

    /// <summary>The number of fields of each of the first lines.</summary>
    public int[] FieldCounts { get; }

    public static TextSample Read(TextLoader.Options options, IMultiStreamSource? dataSample)
    {
        var splitter = new FieldSplitter(options);
        string[] lines = dataSample is null ? [] : ReadLines(options, dataSample, MaxLines);
        string? header = !string.IsNullOrWhiteSpace(options.HeaderFile)
            ? ReadLines(options, new MultiFileSource(options.HeaderFile), 1).FirstOrDefault()
            : options.HasHeader ? lines.FirstOrDefault() : null;
        if (header is null)
            return new TextSample([], lines, splitter);
        int count = splitter.Split(header, int.MaxValue);
        return new TextSample([.. Enumerable.Range(0, count).Select(i => splitter[i].Trim().ToString())], lines, splitter);
    }

    private static string[] ReadLines(TextLoader.Options options, IMultiStreamSource source, int count) =>
        [.. LineReader.Read(source, options, hasHeader: false).Take(count).Select(line => line.Text)];
}
