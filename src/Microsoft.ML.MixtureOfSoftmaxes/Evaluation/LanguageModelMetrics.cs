namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>How well a language model predicts a corpus.</summary>
/// <param name="CrossEntropy">Mean negative log-likelihood of a token, nats.</param>
/// <param name="TokenCount">Tokens predicted, end-of-sentence marks included.</param>
/// <param name="OutOfVocabularyCount">How many of them are the unknown word.</param>
/// <param name="RowCount">Rows.</param>
public sealed record LanguageModelMetrics(double CrossEntropy, long TokenCount, long OutOfVocabularyCount, long RowCount)
{
    /// <summary>exp(sum of negative log-likelihoods / sum of tokens); never a mean of rows' perplexities.</summary>
    public double Perplexity => Math.Exp(CrossEntropy);

    /// <summary>The cross-entropy in bits a token.</summary>
    public double CrossEntropyBits => CrossEntropy / Math.Log(2);
}
