using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>The annotations by which a token column says what its key values stand for; a column without them is of words.</summary>
/// <param name="Encoding">What they stand for.</param>
/// <param name="SpecialTokens">Those that no text has.</param>
/// <param name="UnknownToken">What stands for text that has no tokens; null if the column does not say.</param>
/// <param name="Split">What makes them, where their names do not tell; null if the column does not say.</param>
internal sealed record TokenAnnotations(
    TokenEncoding Encoding, IReadOnlyList<string> SpecialTokens, string? UnknownToken, TextSplitter? Split)
{
    private const string EncodingKind = "TokenEncoding";
    private const string SpecialKind = "SpecialTokens";
    private const string UnknownKind = "UnknownToken";
    private const string SplitterKind = "Tokenizer";

    public static SchemaShape.Column[] Shapes(TokenSet tokens)
    {
        var shapes = new List<SchemaShape.Column>();
        if (tokens.Encoding != TokenEncoding.Words)
        {
            shapes.Add(SchemaShapes.Scalar(EncodingKind, TextDataViewType.Instance));
        }

        if (tokens.SpecialTokens.Count > 0)
        {
            shapes.Add(SchemaShapes.Vector(SpecialKind, TextDataViewType.Instance));
        }

        if (tokens.UnknownToken is not null)
        {
            shapes.Add(SchemaShapes.Scalar(UnknownKind, TextDataViewType.Instance));
        }

        if (tokens.Split is not null)
        {
            shapes.Add(SchemaShapes.Of(SplitterKind, TextSplitterType.Instance));
        }

        return [.. shapes];
    }

    public static void Add(DataViewSchema.Annotations.Builder annotations, TokenSet tokens)
    {
        if (tokens.Encoding != TokenEncoding.Words)
        {
            annotations.AddPrimitiveValue(EncodingKind, TextDataViewType.Instance, tokens.Encoding.ToString().AsMemory());
        }

        if (tokens.SpecialTokens.Count > 0)
        {
            annotations.Add(
                SpecialKind, new VectorDataViewType(TextDataViewType.Instance, tokens.SpecialTokens.Count),
                (ref VBuffer<ReadOnlyMemory<char>> names) => names = new(
                    tokens.SpecialTokens.Count, [.. tokens.SpecialTokens.Select(name => name.AsMemory())]));
        }

        if (tokens.UnknownToken is not null)
        {
            annotations.AddPrimitiveValue(UnknownKind, TextDataViewType.Instance, tokens.UnknownToken.AsMemory());
        }

        if (tokens.Split is TextSplitter split)
        {
            annotations.Add(SplitterKind, TextSplitterType.Instance, (ref TextSplitter value) => value = split);
        }
    }

    /// <summary>Whether a column of that shape will say that its tokens leave no text unknown, as bytes do; words do not say it.</summary>
    public static bool HaveNoUnknown(SchemaShape.Column column)
    {
        string[] kinds = [.. column.Annotations.Select(annotation => annotation.Name)];
        return kinds.Contains(EncodingKind) && !kinds.Contains(UnknownKind);
    }

    public static TokenAnnotations Of(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> special = default;
        if (column.Annotations.Schema.GetColumnOrNull(SpecialKind)?.Type is VectorDataViewType { ItemType: TextDataViewType })
        {
            column.Annotations.GetValue(SpecialKind, ref special);
        }

        TextSplitter? split = null;
        if (column.Annotations.Schema.GetColumnOrNull(SplitterKind)?.Type is TextSplitterType)
        {
            column.Annotations.GetValue(SplitterKind, ref split);
        }

        return new(
            Enum.TryParse(Text(column, EncodingKind), out TokenEncoding encoding) ? encoding : TokenEncoding.Words,
            [.. special.DenseValues().Select(name => name.ToString())],
            Text(column, UnknownKind),
            split);
    }

    private static string? Text(DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind)?.Type is not TextDataViewType)
        {
            return null;
        }

        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(kind, ref text);
        return text.ToString();
    }
}
