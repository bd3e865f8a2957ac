namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Which columns the scorer adds, and what rows are conditioned on.</summary>
public sealed record ScoringOptions
{
    /// <summary>
    /// Single: the log-likelihood of the row in nats, the sum of log P over its words and its end-of-sentence mark. Default
    /// <c>LogLikelihood</c>.
    /// </summary>
    public string LogLikelihoodColumnName { get; init; } = "LogLikelihood";

    /// <summary>Int32: how many words were predicted, the end-of-sentence mark included. Default <c>TokenCount</c>.</summary>
    public string TokenCountColumnName { get; init; } = "TokenCount";

    /// <summary>Int32: how many of them are the unknown word. They count with the probability of the unknown word. Default
    /// <c>OutOfVocabularyCount</c>.</summary>
    public string OutOfVocabularyCountColumnName { get; init; } = "OutOfVocabularyCount";

    /// <summary>Single: exp(-LogLikelihood / TokenCount). Default <c>Perplexity</c>.</summary>
    public string PerplexityColumnName { get; init; } = "Perplexity";

    /// <summary>What rows are conditioned on. Default <see cref="ScoringContext.Row"/>.</summary>
    public ScoringContext Context { get; init; } = ScoringContext.Row;

    internal void Validate()
    {
        string[] names = [LogLikelihoodColumnName, TokenCountColumnName, OutOfVocabularyCountColumnName, PerplexityColumnName];
        if (names.FirstOrDefault(string.IsNullOrWhiteSpace) is not null || names.Distinct(StringComparer.Ordinal).Count() < names.Length)
        {
            throw new ArgumentException($"The score columns are named {string.Join(", ", names.Select(name => $"'{name}'"))}: each needs a name of its own.");
        }

        if (!Enum.IsDefined(Context))
        {
            throw new ArgumentOutOfRangeException(nameof(Context), Context, "There is no such scoring context.");
        }
    }
}
