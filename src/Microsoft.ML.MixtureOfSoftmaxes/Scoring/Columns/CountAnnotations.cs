using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// What the column of token counts says of its tokens, so that whoever divides by another measure of the text measures what was summed.
/// </summary>
internal static class CountAnnotations
{
    private const string CountsEndOfSentence = "CountsEndOfSentence";
    private const string CountedWords = "CountedWords";
    private const string Context = "ScoringContext";

    /// <summary>The shape of what <see cref="Create"/> will make where tokens of that shape are scored.</summary>
    public static SchemaShape.Column[] Shapes(ScoringOptions options, SchemaShape.Column tokens) =>
    [
        SchemaShapes.Scalar(CountsEndOfSentence, BooleanDataViewType.Instance),
        SchemaShapes.Scalar(Context, TextDataViewType.Instance),
        .. options.CountUnknownWords || TokenAnnotations.HaveNoUnknown(tokens)
            ? (SchemaShape.Column[])[]
            : [SchemaShapes.Vector(CountedWords, TextDataViewType.Instance)],
    ];

    /// <summary>Bytes leave no text unknown, so there all count.</summary>
    public static DataViewSchema.Annotations Create(ScoringOptions options, Vocabulary vocabulary)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(CountsEndOfSentence, BooleanDataViewType.Instance, options.CountEndOfSentence);
        annotations.AddPrimitiveValue(Context, TextDataViewType.Instance, $"{options.Context}".AsMemory());
        if (!options.CountUnknownWords && !vocabulary.IsOfBytes)
        {
            annotations.Add(
                CountedWords,
                new VectorDataViewType(TextDataViewType.Instance, vocabulary.Count - 1),
                (ref VBuffer<ReadOnlyMemory<char>> words) => words = new(
                    vocabulary.Count - 1,
                    [.. vocabulary.Words.Where((_, i) => i != vocabulary.UnknownIndex).Select(word => word.AsMemory())]));
        }

        return annotations.ToAnnotations();
    }

    /// <summary>What rows are conditioned on; a column that does not say it counts as of rows by themselves.</summary>
    public static ScoringContext ContextOf(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Context)?.Type is not TextDataViewType)
        {
            return ScoringContext.Row;
        }

        ReadOnlyMemory<char> name = default;
        column.Annotations.GetValue(Context, ref name);
        return Enum.TryParse(name.Span, out ScoringContext context) ? context : ScoringContext.Row;
    }

    /// <summary>
    /// Whether the end of a row counts, and the words that do, null for all; null for a column that does not say it, as one that was read
    /// from a file.
    /// </summary>
    public static (bool CountsEndOfSentence, IEnumerable<string>? Words)? Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(CountsEndOfSentence)?.Type is not BooleanDataViewType)
        {
            return null;
        }

        bool countsEnd = false;
        column.Annotations.GetValue(CountsEndOfSentence, ref countsEnd);
        if (column.Annotations.Schema.GetColumnOrNull(CountedWords) is null)
        {
            return (countsEnd, null);
        }

        VBuffer<ReadOnlyMemory<char>> words = default;
        column.Annotations.GetValue(CountedWords, ref words);
        return (countsEnd, words.DenseValues().Select(word => word.ToString()));
    }
}
