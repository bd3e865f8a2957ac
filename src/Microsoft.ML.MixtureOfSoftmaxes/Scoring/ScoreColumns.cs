using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring.Adaptation;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring.Progress;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>The score columns over one input schema.</summary>
internal sealed class ScoreColumns : AddedColumns
{
    private readonly ScoreColumn[] _columns;
    private readonly ScoringOptions _options;
    private readonly SequenceScorer _scorer;
    private readonly Vocabulary _vocabulary;
    private readonly RowReader _reader;
    private readonly Func<AdaptiveScorer?> _openAdaptive;
    private readonly Func<long?, ScoringLog> _openLog;

    public ScoreColumns(
        DataViewSchema schema, string tokensColumnName, ScoringOptions options, SequenceScorer scorer, Vocabulary vocabulary,
        Func<AdaptiveScorer?> openAdaptive, Func<long?, ScoringLog> openLog)
        : this(
            schema, ScoreColumn.Of(options), new RowReader(schema, tokensColumnName, options, vocabulary), options, scorer, vocabulary,
            openAdaptive, openLog)
    {
    }

    private ScoreColumns(
        DataViewSchema schema, ScoreColumn[] columns, RowReader reader, ScoringOptions options, SequenceScorer scorer, Vocabulary vocabulary,
        Func<AdaptiveScorer?> openAdaptive, Func<long?, ScoringLog> openLog)
        : base(schema, columns.Select(column => new DataViewSchema.DetachedColumn(column.Name, column.Type)), reader.Sources)
    {
        _columns = columns;
        _options = options;
        _scorer = scorer;
        _vocabulary = vocabulary;
        _reader = reader;
        _openAdaptive = openAdaptive;
        _openLog = openLog;
    }

    /// <summary>One row at a time; the columns of a row share one pass through the network.</summary>
    public override Delegate?[] CreateGetters(DataViewRow input, bool[] active)
    {
        if (!active.Contains(true))
        {
            return new Delegate?[Count];
        }

        Func<InputRow> read = _reader.Open(input);
        BatchScorer session = OpenSession(active);
        long position = -1;
        RowScore? score = null;
        return CreateGetters(active, () =>
        {
            if (score is null || input.Position != position)
            {
                score = session.Score([read()])[0];
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
        return [.. inputs.Select(input => new BatchedCursor(this, input, _reader.Open(input), OpenSession(active), active, log))];
    }

    /// <summary>Getters of the active columns over whichever score is the current one.</summary>
    public Delegate?[] CreateGetters(bool[] active, Func<RowScore> current) =>
        [.. _columns.Zip(active, (column, isActive) => isActive ? column.CreateGetter(current) : null)];

    private BatchScorer OpenSession(bool[] active)
    {
        TokenDetail detail = _columns.Where((_, i) => active[i]).Aggregate(default(TokenDetail), (needs, column) => needs | column.Needs);
        return new(
            _scorer, _vocabulary, _options, detail with { TopCount = Math.Min(detail.TopCount, _vocabulary.Count) }, _openAdaptive());
    }
}
