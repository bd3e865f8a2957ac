using Mos.Input.Tables;

namespace Mos.Input;

/// <summary>A row of the text to score, and the row of the table that it is from.</summary>
internal sealed class TextRow
{
    /// <summary>The text.</summary>
    public string Text { get; set; } = "";

    /// <summary>What stands before the text and is not scored; empty where no column of contexts was named.</summary>
    public string Context { get; set; } = "";

    /// <inheritdoc cref="Microsoft.ML.MixtureOfSoftmaxes.TextLine.File"/>
    public string File { get; set; } = "";

    /// <inheritdoc cref="Microsoft.ML.MixtureOfSoftmaxes.TextLine.FileIndex"/>
    public int FileIndex { get; set; }

    /// <summary>All that the table has of it.</summary>
    [TableRowType]
    public TableRow? Row { get; set; }
}
