namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>How likely a text is under the model.</summary>
/// <param name="LogLikelihood">The sum of log P over its words and its end-of-sentence mark, nats.</param>
/// <param name="TokenCount">How many predictions that sum holds.</param>
/// <param name="OutOfVocabularyCount">How many of the words are unknown to the model.</param>
public readonly record struct TextScore(double LogLikelihood, int TokenCount, int OutOfVocabularyCount)
{
    /// <summary>exp(-LogLikelihood / TokenCount).</summary>
    public double Perplexity => Math.Exp(-LogLikelihood / TokenCount);
}
