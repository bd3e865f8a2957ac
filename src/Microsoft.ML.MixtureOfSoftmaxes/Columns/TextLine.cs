namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>A row of a text file.</summary>
public sealed class TextLine
{
    /// <summary>The line without its end.</summary>
    public string Text { get; set; } = "";
}
