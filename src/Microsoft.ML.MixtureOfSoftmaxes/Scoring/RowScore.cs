namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>What is known of a scored row.</summary>
internal readonly record struct RowScore(double LogLikelihood, int TokenCount, int OutOfVocabularyCount)
{
    public double Perplexity => Math.Exp(-LogLikelihood / TokenCount);

    /// <param name="logLikelihoods">log P of each word of the row and of its end-of-sentence mark.</param>
    /// <param name="tokens">The words' ids.</param>
    /// <param name="unknown">The unknown word's id.</param>
    public static RowScore Of(ReadOnlySpan<float> logLikelihoods, ReadOnlySpan<int> tokens, int unknown)
    {
        double sum = 0;
        foreach (float logLikelihood in logLikelihoods)
        {
            sum += logLikelihood;
        }

        return new(sum, logLikelihoods.Length, tokens.Count(unknown));
    }
}
