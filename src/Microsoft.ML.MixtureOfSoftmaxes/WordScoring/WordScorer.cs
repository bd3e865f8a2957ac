using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.WordScoring;

/// <summary>Passes texts through a model as a data view and reads their words back.</summary>
internal static class WordScorer
{
    public static IReadOnlyList<TextSurprisal> Score(
        MLContext context, ITransformer model, IEnumerable<string?> texts, string textColumnName, IProgress<ScoringProgress>? handler,
        CancellationToken cancellationToken)
    {
        var words = new WordSurprisalTransformer(model, textColumnName);
        (IDataView view, int rows) = TextScorer.ViewOf(context, texts, textColumnName);
        IDataView scored = words.Model.Transform(view);
        WordColumns columns = words.MakeColumns(scored.Schema);
        var progress = new RowProgress(handler, rows, TimeProvider.System);
        var cancellation = Cancellation.Of(context, nameof(WordScorer), cancellationToken);
        using DataViewRowCursor cursor = scored.GetRowCursor(columns.Sources);
        Func<TextSurprisal> read = columns.Open(cursor);
        var scores = new List<TextSurprisal>();
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfRequested();
            scores.Add(read());
            progress.Add(scores[^1].Words.Sum(word => word.TokenCount));
        }

        progress.End();
        return scores;
    }
}
