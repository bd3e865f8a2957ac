using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>The score columns over one input schema.</summary>
internal sealed class AddedScores : AddedColumns
{
    private readonly ScoreColumn[] _columns;
    private readonly IScoringModel _model;
    private readonly ISequenceScorer _scorer;
    private readonly RowReader _reader;
    private readonly IHostEnvironment? _env;

    /// <param name="schema">The schema of the input.</param>
    /// <param name="model">What scores, and which columns.</param>
    /// <param name="scorer">What computes the scores.</param>
    /// <param name="env">Where passes tell of their progress, and what cancels them; null for none.</param>
    public AddedScores(DataViewSchema schema, IScoringModel model, ISequenceScorer scorer, IHostEnvironment? env)
        : this(
            schema, ScoreColumn.Of(model.Scoring), new RowReader(schema, model), model, scorer,
            env)
    {
    }

    private AddedScores(
        DataViewSchema schema, ScoreColumn[] columns, RowReader reader, IScoringModel model, ISequenceScorer scorer,
        IHostEnvironment? env)
        : base(
            schema,
            columns.Select(column => new DataViewSchema.DetachedColumn(
                column.Name, column.Type, column.IsTokenCount
                    ? CountAnnotations.Create(model.Scoring, model.Vocabulary)
                    : ScoreAnnotations.Create(model.Scoring, column.Name, ScoreAnnotations.NextSetId(schema)))),
            reader.Sources)
    {
        _columns = columns;
        _model = model;
        _scorer = scorer;
        _reader = reader;
        _env = env;
    }

    public Vocabulary Vocabulary => _model.Vocabulary;

    /// <summary>Which score batches: this process alone where rows depend on those before them.</summary>
    public Ranks Ranks => _model.Scoring.Context == ScoringContext.Row ? _model.Ranks ?? Ranks.Alone : Ranks.Alone;

    /// <summary>One row at a time; the columns of a row share one pass through the network.</summary>
    public override Delegate?[] CreateGetters(DataViewRow input, bool[] active)
    {
        if (!active.Contains(true))
        {
            return new Delegate?[Count];
        }

        Func<InputRow> read = _reader.Open(input);
        BatchScorer scorer = OpenScorer(active, default);
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

        IHost? host = _env is null ? null : Cancellation.Register(_env, nameof(LanguageModelTransformer));
        var cancellation = Cancellation.OfPass(host);
        var log = new ScoringLog(host, rowCount, TimeProvider.System);
        return
        [
            .. inputs.Select(
                input => new BatchedCursor(this, input, _reader.Open(input), OpenScorer(active, cancellation), active, log, cancellation)),
        ];
    }

    /// <summary>Getters of the active columns over whichever score is the current one.</summary>
    public Delegate?[] CreateGetters(bool[] active, Func<RowScore> current) =>
        [.. _columns.Zip(active, (column, isActive) => isActive ? column.CreateGetter(current) : null)];

    private BatchScorer OpenScorer(bool[] active, Cancellation cancellation)
    {
        TokenDetail detail = _columns.Where((_, i) => active[i]).Aggregate(default(TokenDetail), (needs, column) => needs | column.Needs);
        return new(_scorer, _model, detail with { TopCount = Math.Min(detail.TopCount, _model.Vocabulary.Count) }, cancellation);
    }
}
