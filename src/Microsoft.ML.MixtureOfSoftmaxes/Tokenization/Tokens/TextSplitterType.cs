using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>The type of an annotation that is a <see cref="TextSplitter"/>: it goes with a column through any pipe, but not into a file.</summary>
internal sealed class TextSplitterType : StructuredDataViewType
{
    public static readonly TextSplitterType Instance = new();

    private TextSplitterType() : base(typeof(TextSplitter))
    {
    }

    public override bool Equals(DataViewType? other) => other is TextSplitterType;

    public override int GetHashCode() => typeof(TextSplitter).GetHashCode();

    public override string ToString() => nameof(TextSplitter);
}
