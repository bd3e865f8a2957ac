namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>A row of a text file.</summary>
public sealed class TextLine
{
    /// <summary>The line without its end.</summary>
    public string Text { get; set; } = "";

    /// <summary>The path of the file, as it was given: what tells documents apart if each file is one.</summary>
    public string File { get; set; } = "";
}
