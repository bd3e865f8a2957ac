using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A row to score.</summary>
/// <param name="Words">Ids of the model's vocabulary.</param>
/// <param name="StartsText">Whether nothing before it is remembered.</param>
/// <param name="Context">The text that it continues; null for none.</param>
internal readonly record struct InputRow(int[] Words, bool StartsText, int[]? Context = null);

/// <summary>
/// Reads rows to score: their words; in a context of documents, whether they start one; and what they continue, where they continue anything.
/// </summary>
internal sealed class RowReader
{
    private readonly TokenReader _tokens;
    private readonly DataViewSchema.Column? _document;
    private readonly TokenReader? _contexts;
    private readonly LanguageModel _model;
    private readonly TextSplitter? _split;

    public RowReader(DataViewSchema schema, LanguageModel model)
    {
        (DataViewSchema.Column tokens, _document, DataViewSchema.Column? contexts) = Find(schema, model.TokensColumnName, model.Scoring);
        _tokens = new(tokens, model.Vocabulary);
        _contexts = contexts is { } column ? new(column, model.Vocabulary) : null;
        _model = model;
        _split = TokenAnnotations.Of(tokens).Split;
        Sources = [.. new[] { tokens, _document, contexts }.OfType<DataViewSchema.Column>().Select(source => source.Index)];
    }

    /// <summary>
    /// The columns that a model with the options reads; the second where rows belong to documents, the third where they continue a context.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">One is absent or of another type.</exception>
    public static (DataViewSchema.Column Tokens, DataViewSchema.Column? Document, DataViewSchema.Column? Contexts) Find(
        DataViewSchema schema, string tokensColumnName, ScoringOptions options) => (
            InputColumn.Tokens(schema, tokensColumnName),
            options.Context == ScoringContext.Document ? InputColumn.Identity(schema, options.DocumentColumnName!) : null,
            options.ContextTokensColumnName is string contexts ? InputColumn.Tokens(schema, contexts) : null);

    /// <summary>Refuses the shapes of schemas in which they would not be found.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is absent or of another type.</exception>
    public static void Check(SchemaShape shape, string tokensColumnName, ScoringOptions options)
    {
        InputColumn.Tokens(shape, tokensColumnName);
        if (options.Context == ScoringContext.Document)
        {
            InputColumn.Identity(shape, options.DocumentColumnName!);
        }

        if (options.ContextTokensColumnName is string contexts)
        {
            InputColumn.Tokens(shape, contexts);
        }
    }

    /// <summary>The indices of the columns that it reads.</summary>
    public int[] Sources { get; }

    /// <summary>A function that reads the row that <paramref name="row"/> stands at; for documents call it row by row in order.</summary>
    public Func<InputRow> Open(DataViewRow row)
    {
        Func<int[]> words = _tokens.Open(row);
        Func<bool> starts = _document is { } document
            ? ValueChange.Watch(row, document)
            : () => _model.Scoring.Context == ScoringContext.Row;
        if (_contexts is null && _model.Given is null)
        {
            return () => new(words(), starts());
        }

        Func<int[]> context = _contexts?.Open(row) ?? (() => _model.Given!);
        var border = new ContinuationCheck(_model.Vocabulary, _split);
        return () =>
        {
            var read = new InputRow(words(), starts(), context());
            return border.Fault(read.Context!, read.Words) is string fault
                ? throw new ContinuationException(row.Position, fault)
                : read;
        };
    }
}
