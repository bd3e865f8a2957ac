using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>The user's data as a model reads it.</summary>
/// <param name="Rows">Word ids by row, without end-of-sentence marks.</param>
/// <param name="EndOfSentence">The mark's id.</param>
internal sealed record AnalyzedText(IReadOnlyList<int[]> Rows, int EndOfSentence)
{
    /// <summary>All rows in their order, each followed by the end-of-sentence mark.</summary>
    public int[] Stream { get; } = [.. Rows.SelectMany(row => row.Append(EndOfSentence))];

    /// <param name="model">A language model or a chain with one, whose other steps make the token column.</param>
    /// <param name="data">What the model's <c>Transform</c> takes.</param>
    /// <param name="cancellation">Checked at each row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The token column is absent or of another type.</exception>
    /// <exception cref="InvalidOperationException">The data has no word.</exception>
    public static AnalyzedText Read(ITransformer model, IDataView data, Cancellation cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        LanguageModelTransformer languageModel = ModelChain.Find(model);
        IDataView tokenized = model.Transform(data);
        DataViewSchema.Column column = InputColumn.Tokens(tokenized.Schema, languageModel.TokensColumnName);
        List<int[]> rows = [.. new TokenReader(column, languageModel.Vocabulary).Rows(tokenized, cancellation)];
        return rows.Any(row => row.Length > 0)
            ? new(rows, languageModel.Vocabulary.EndOfSentenceIndex)
            : throw new InvalidOperationException(
                $"The data holds no word in column '{column.Name}' ({rows.Count} rows), so there is nothing to analyse.");
    }
}
