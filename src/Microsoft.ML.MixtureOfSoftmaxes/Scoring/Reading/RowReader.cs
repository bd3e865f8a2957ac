using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A row to score.</summary>
/// <param name="Words">Ids of the model's vocabulary.</param>
/// <param name="StartsText">Whether nothing before it is remembered.</param>
internal readonly record struct InputRow(int[] Words, bool StartsText);

/// <summary>Reads rows to score: their words, and, in a context of documents, whether they start one.</summary>
internal sealed class RowReader
{
    private readonly TokenReader _tokens;
    private readonly DataViewSchema.Column? _document;
    private readonly ScoringContext _context;

    public RowReader(DataViewSchema schema, string tokensColumnName, ScoringOptions options, Vocabulary vocabulary)
    {
        (DataViewSchema.Column tokens, _document) = Find(schema, tokensColumnName, options);
        _tokens = new(tokens, vocabulary);
        _context = options.Context;
        Sources = _document is { } document ? [tokens.Index, document.Index] : [tokens.Index];
    }

    /// <summary>The columns that a model with the options reads; the second where rows belong to documents.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is absent or of another type.</exception>
    public static (DataViewSchema.Column Tokens, DataViewSchema.Column? Document) Find(
        DataViewSchema schema, string tokensColumnName, ScoringOptions options) => (
            InputColumn.Tokens(schema, tokensColumnName),
            options.Context == ScoringContext.Document ? InputColumn.Identity(schema, options.DocumentColumnName!) : null);

    /// <summary>Refuses the shapes of schemas in which they would not be found.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is absent or of another type.</exception>
    public static void Check(SchemaShape shape, string tokensColumnName, ScoringOptions options)
    {
        InputColumn.Tokens(shape, tokensColumnName);
        if (options.Context == ScoringContext.Document)
        {
            InputColumn.Identity(shape, options.DocumentColumnName!);
        }
    }

    /// <summary>The indices of the columns that it reads.</summary>
    public int[] Sources { get; }

    /// <summary>A function that reads the row that <paramref name="row"/> stands at; for documents call it row by row in order.</summary>
    public Func<InputRow> Open(DataViewRow row)
    {
        Func<int[]> words = _tokens.Open(row);
        Func<bool> starts = _document is { } document ? DocumentChange.Watch(row, document) : () => _context == ScoringContext.Row;
        return () => new(words(), starts());
    }
}
