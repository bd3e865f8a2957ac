using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>The score columns over one input schema.</summary>
internal sealed class ScoreColumns : AddedColumns
{
    private readonly SequenceScorer _scorer;
    private readonly Vocabulary _vocabulary;
    private readonly ScoringContext _context;
    private readonly TokenReader _reader;

    public ScoreColumns(
        DataViewSchema schema, DataViewSchema.Column tokens, ScoringOptions options, SequenceScorer scorer, Vocabulary vocabulary)
        : base(schema, Describe(options), tokens.Index)
    {
        _scorer = scorer;
        _vocabulary = vocabulary;
        _context = options.Context;
        _reader = new(tokens, vocabulary);
    }

    /// <summary>Names and types of the columns, in the order in which they are added.</summary>
    public static IEnumerable<DataViewSchema.DetachedColumn> Describe(ScoringOptions options) =>
    [
        new(options.LogLikelihoodColumnName, NumberDataViewType.Single),
        new(options.TokenCountColumnName, NumberDataViewType.Int32),
        new(options.OutOfVocabularyCountColumnName, NumberDataViewType.Int32),
        new(options.PerplexityColumnName, NumberDataViewType.Single),
    ];

    /// <summary>One row at a time; the columns of a row share one pass through the network.</summary>
    public override Delegate?[] CreateGetters(DataViewRow input, bool[] active)
    {
        if (!active.Contains(true))
        {
            return new Delegate?[Count];
        }

        Func<int[]> tokens = _reader.Open(input);
        BatchScorer session = OpenSession();
        long position = -1;
        RowScore score = default;
        return CreateGetters(active, () =>
        {
            if (input.Position != position)
            {
                score = session.Score([tokens()])[0];
                position = input.Position;
            }

            return score;
        });
    }

    public override DataViewRowCursor CreateCursor(DataViewRowCursor input, bool[] active) => active.Contains(true)
        ? new BatchedCursor(this, input, _reader.Open(input), OpenSession(), active)
        : base.CreateCursor(input, active);

    /// <summary>Getters of the active columns over whichever score is the current one.</summary>
    public static Delegate?[] CreateGetters(bool[] active, Func<RowScore> current)
    {
        ValueGetter<float> logLikelihood = (ref float value) => value = (float)current().LogLikelihood;
        ValueGetter<int> tokenCount = (ref int value) => value = current().TokenCount;
        ValueGetter<int> outOfVocabulary = (ref int value) => value = current().OutOfVocabularyCount;
        ValueGetter<float> perplexity = (ref float value) => value = (float)current().Perplexity;
        Delegate[] all = [logLikelihood, tokenCount, outOfVocabulary, perplexity];
        return [.. all.Zip(active, (getter, isActive) => isActive ? getter : null)];
    }

    private BatchScorer OpenSession() => new(_scorer, _vocabulary, _context);
}
