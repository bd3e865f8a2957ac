using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Passes texts through a model as a data view and reads the score columns back.</summary>
internal static class TextScorer
{
    public static IReadOnlyList<TextScore> Score(
        MLContext context, ITransformer model, IEnumerable<string?> texts, string textColumnName, bool includeTokens,
        IProgress<ScoringProgress>? handler, CancellationToken cancellationToken, string? given = null)
    {
        ITransformer detailed = ModelChain.Replace<IScoringTransformer>(model, found => found.WithScoring(found.Model.Scoring with
        {
            TokensColumnName = includeTokens ? found.Model.Scoring.TokensColumnName ?? "Scored tokens" : null,
            TokenLogLikelihoodsColumnName = includeTokens
                ? found.Model.Scoring.TokenLogLikelihoodsColumnName ?? "Log-likelihoods of scored tokens"
                : null,
            IsGreedyColumnName = given is null ? null : found.Model.Scoring.IsGreedyColumnName ?? "Is greedy",
            ContextTokensColumnName = given is null ? found.Model.Scoring.ContextTokensColumnName : null,
            TokenRanksColumnName = null,
            TopTokensColumnName = null,
            TopProbabilitiesColumnName = null,
            TokenExpertsColumnName = null,
            TokenSkippedPriorsColumnName = null,
        }));
        detailed = given is null ? detailed : ModelChain.After(detailed, given);
        IScoringModel languageModel = ModelChain.Find<IScoringTransformer>(detailed).Model;
        (IDataView rows, int count) = ViewOf(context, texts, textColumnName);
        IDataView scored = detailed.Transform(rows);
        var progress = new RowProgress(handler, count, TimeProvider.System);
        var cancellation = Cancellation.Of(context, nameof(TextScorer), cancellationToken);
        return Read(scored, languageModel.Scoring, languageModel.Vocabulary.UnknownWord, progress, cancellation);
    }

    /// <summary>Texts as a data view, and how many they are; null is the empty text.</summary>
    public static (IDataView Rows, int Count) ViewOf(MLContext context, IEnumerable<string?> texts, string textColumnName)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentException.ThrowIfNullOrEmpty(textColumnName);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TextLine));
        schema[nameof(TextLine.Text)].ColumnName = textColumnName;
        TextLine[] rows = [.. texts.Select(text => new TextLine { Text = text ?? "" })];
        return (context.Data.LoadFromEnumerable(rows, schema), rows.Length);
    }

    private static List<TextScore> Read(
        IDataView scored, ScoringOptions names, string unknownWord, RowProgress progress, Cancellation cancellation)
    {
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        Func<float> logLikelihood = Open<float>(names.LogLikelihoodColumnName);
        Func<int> tokenCount = Open<int>(names.TokenCountColumnName);
        Func<int> unknownCount = Open<int>(names.OutOfVocabularyCountColumnName);
        Func<float> perplexity = Open<float>(names.PerplexityColumnName);
        Func<float> bitsPerCharacter = Open<float>(names.BitsPerCharacterColumnName);
        Func<bool?> isGreedy = names.IsGreedyColumnName is string greedyName ? OpenGreedy(greedyName) : () => null;
        Func<TokenScore[]> tokens = names.TokensColumnName is string tokensName ? OpenTokens(tokensName) : () => [];
        var scores = new List<TextScore>();
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfRequested();
            scores.Add(new(logLikelihood(), tokenCount(), unknownCount(), perplexity(), bitsPerCharacter(), tokens(), isGreedy()));
            progress.Add(scores[^1].TokenCount);
        }

        progress.End();
        return scores;

        Func<bool?> OpenGreedy(string column)
        {
            Func<bool> read = Open<bool>(column);
            return () => read();
        }

        Func<TokenScore[]> OpenTokens(string column)
        {
            Func<VBuffer<ReadOnlyMemory<char>>> words = Open<VBuffer<ReadOnlyMemory<char>>>(column);
            Func<VBuffer<float>> logLikelihoods = Open<VBuffer<float>>(names.TokenLogLikelihoodsColumnName!);
            return () =>
            [
                .. words().DenseValues().Zip(
                    logLikelihoods().DenseValues(),
                    (word, logP) => new TokenScore(word.ToString(), logP, word.Span.SequenceEqual(unknownWord))),
            ];
        }

        Func<T> Open<T>(string column)
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(cursor.Schema[column]);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return value;
            };
        }
    }
}
