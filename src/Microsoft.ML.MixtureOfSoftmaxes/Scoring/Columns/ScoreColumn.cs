using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A column that the scorer adds.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Needs">What of each token must be computed for it.</param>
/// <param name="CreateGetter">From the score of the current row to a getter of the column.</param>
internal sealed record ScoreColumn(string Name, DataViewType Type, TokenDetail Needs, Func<Func<RowScore>, Delegate> CreateGetter)
{
    /// <summary>Whether it is the number of tokens, and has <see cref="CountAnnotations"/>.</summary>
    public bool IsTokenCount { get; private init; }

    /// <summary>The columns of the options, in the order in which they are added.</summary>
    public static ScoreColumn[] Of(ScoringOptions options)
    {
        var ranks = new TokenDetail(Ranks: true, TopCount: 0);
        var top = new TokenDetail(Ranks: false, options.TopCount);
        var experts = new TokenDetail(Ranks: false, TopCount: 0, Experts: true);
        ScoreColumn?[] all =
        [
            Scalar(options.LogLikelihoodColumnName, NumberDataViewType.Single, row => (float)row.LogLikelihood),
            Scalar(options.TokenCountColumnName, NumberDataViewType.Int32, row => row.TokenCount) with { IsTokenCount = true },
            Scalar(options.OutOfVocabularyCountColumnName, NumberDataViewType.Int32, row => row.OutOfVocabularyCount),
            Scalar(options.PerplexityColumnName, NumberDataViewType.Single, row => (float)row.Perplexity),
            Scalar(options.BitsPerCharacterColumnName, NumberDataViewType.Single, row => (float)row.BitsPerCharacter),
            options.IsGreedyColumnName is string greedy ? Scalar(greedy, BooleanDataViewType.Instance, row => row.IsGreedy, ranks) : null,
            Vector(options.TokensColumnName, TextDataViewType.Instance, default, row => row.Tokens),
            Vector(options.TokenLogLikelihoodsColumnName, NumberDataViewType.Single, default, row => row.TokenLogLikelihoods),
            Vector(options.TokenRanksColumnName, NumberDataViewType.Int32, ranks, row => row.TokenRanks),
            Vector(options.TopTokensColumnName, TextDataViewType.Instance, top, row => row.TopTokens),
            Vector(options.TopProbabilitiesColumnName, NumberDataViewType.Single, top, row => row.TopProbabilities),
            Vector(options.TokenExpertsColumnName, NumberDataViewType.Int32, experts, row => row.TokenExperts),
            Vector(options.TokenSkippedPriorsColumnName, NumberDataViewType.Single, experts, row => row.TokenSkippedPriors),
        ];
        return [.. all.OfType<ScoreColumn>()];
    }

    private static ScoreColumn Scalar<T>(string name, PrimitiveDataViewType type, Func<RowScore, T> read, TokenDetail needs = default) => new(
        name, type, needs, current => (ValueGetter<T>)((ref T value) => value = read(current())));

    private static ScoreColumn? Vector<T>(string? name, PrimitiveDataViewType itemType, TokenDetail needs, Func<RowScore, T[]> read)
    {
        return name is null ? null : new(name, new VectorDataViewType(itemType), needs, CreateGetter);

        Delegate CreateGetter(Func<RowScore> current) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> vector) =>
        {
            T[] values = read(current());
            VBufferEditor<T> editor = VBufferEditor.Create(ref vector, values.Length);
            values.CopyTo(editor.Values);
            vector = editor.Commit();
        });
    }
}
