using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>The annotation by which a token column says what its key values stand for; a column without it is of words.</summary>
internal static class TokenEncodingAnnotation
{
    public const string Kind = "TokenEncoding";

    public static SchemaShape.Column Shape { get; } = SchemaShapes.Scalar(Kind, TextDataViewType.Instance);

    /// <summary>Whether a column of that shape will have it.</summary>
    public static bool IsIn(SchemaShape.Column column) => column.Annotations.Any(annotation => annotation.Name == Kind);

    public static void Add(DataViewSchema.Annotations.Builder annotations, TokenEncoding encoding) =>
        annotations.AddPrimitiveValue(Kind, TextDataViewType.Instance, encoding.ToString().AsMemory());

    public static TokenEncoding Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Kind)?.Type is not TextDataViewType)
        {
            return TokenEncoding.Words;
        }

        ReadOnlyMemory<char> name = default;
        column.Annotations.GetValue(Kind, ref name);
        return name.Span.SequenceEqual(nameof(TokenEncoding.BytePairs)) ? TokenEncoding.BytePairs : TokenEncoding.Words;
    }
}
