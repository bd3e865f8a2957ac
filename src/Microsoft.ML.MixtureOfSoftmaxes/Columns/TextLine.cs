namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>A row of a text file.</summary>
public sealed class TextLine
{
    /// <summary>The line without its end.</summary>
    public string Text { get; set; } = "";

    /// <summary>The path of the file, as it was given.</summary>
    public string File { get; set; } = "";

    /// <summary>
    /// The place of the file among those given, from 0: tells documents apart if each file is one, also where a file is given twice.
    /// </summary>
    public int FileIndex { get; set; }
}
