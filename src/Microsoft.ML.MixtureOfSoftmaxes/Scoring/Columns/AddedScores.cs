using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>The score columns over one input schema.</summary>
internal sealed class AddedScores : AddedColumns
{
    private readonly ScoreColumn[] _columns;
    private readonly LanguageModel _model;
    private readonly SequenceScorer _scorer;
    private readonly RowReader _reader;
    private readonly Func<long?, ScoringLog> _openLog;

    /// <param name="schema">The schema of the input.</param>
    /// <param name="model">What scores, and which columns.</param>
    /// <param name="scorer">A scorer of the model's network.</param>
    /// <param name="openLog">A log of progress for the rows of a pass, if their number is known.</param>
    public AddedScores(DataViewSchema schema, LanguageModel model, SequenceScorer scorer, Func<long?, ScoringLog> openLog)
        : this(
            schema, ScoreColumn.Of(model.Scoring), new RowReader(schema, model.TokensColumnName, model.Scoring, model.Vocabulary), model, scorer,
            openLog)
    {
    }

    private AddedScores(
        DataViewSchema schema, ScoreColumn[] columns, RowReader reader, LanguageModel model, SequenceScorer scorer,
        Func<long?, ScoringLog> openLog)
        : base(
            schema,
            columns.Select(column => new DataViewSchema.DetachedColumn(
                column.Name, column.Type, column.IsTokenCount ? CountAnnotations.Create(model.Scoring, model.Vocabulary) : null)),
            reader.Sources)
    {
        _columns = columns;
        _model = model;
        _scorer = scorer;
        _reader = reader;
        _openLog = openLog;
    }

    public Vocabulary Vocabulary => _model.Vocabulary;

    /// <summary>One row at a time; the columns of a row share one pass through the network.</summary>
    public override Delegate?[] CreateGetters(DataViewRow input, bool[] active)
    {
        if (!active.Contains(true))
        {
            return new Delegate?[Count];
        }

        Func<InputRow> read = _reader.Open(input);
        BatchScorer scorer = OpenScorer(active);
        long position = -1;
        RowScore? score = null;
        return CreateGetters(active, () =>
        {
            if (score is null || input.Position != position)
            {
                score = scorer.Score([read()])[0];
                position = input.Position;
            }

            return score;
        });
    }

    public override DataViewRowCursor[] CreateCursors(DataViewRowCursor[] inputs, bool[] active, long? rowCount)
    {
        if (!active.Contains(true))
        {
            return base.CreateCursors(inputs, active, rowCount);
        }

        ScoringLog log = _openLog(rowCount);
        return [.. inputs.Select(input => new BatchedCursor(this, input, _reader.Open(input), OpenScorer(active), active, log))];
    }

    /// <summary>Getters of the active columns over whichever score is the current one.</summary>
    public Delegate?[] CreateGetters(bool[] active, Func<RowScore> current) =>
        [.. _columns.Zip(active, (column, isActive) => isActive ? column.CreateGetter(current) : null)];

    private BatchScorer OpenScorer(bool[] active)
    {
        TokenDetail detail = _columns.Where((_, i) => active[i]).Aggregate(default(TokenDetail), (needs, column) => needs | column.Needs);
        return new(_scorer, _model, detail with { TopCount = Math.Min(detail.TopCount, _model.Vocabulary.Count) });
    }
}
