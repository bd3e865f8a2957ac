namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How well a language model predicts a corpus.</summary>
/// <param name="CrossEntropy">Mean negative log-likelihood of a token, nats.</param>
/// <param name="TokenCount">Tokens predicted, end-of-sentence marks included.</param>
/// <param name="OutOfVocabularyCount">How many of them are the unknown word.</param>
/// <param name="RowCount">Rows.</param>
public sealed record LanguageModelMetrics(double CrossEntropy, long TokenCount, long OutOfVocabularyCount, long RowCount)
{
    /// <summary>exp(sum of negative log-likelihoods / sum of tokens); never a mean of rows' perplexities.</summary>
    public double Perplexity => Math.Exp(CrossEntropy);

    /// <summary>The cross-entropy in bits per token.</summary>
    public double CrossEntropyBits => CrossEntropy / Math.Log(2);

    /// <summary>Words that white space separates, and one for the end of each row; null if no text column was named.</summary>
    public long? WordCount { get; init; }

    /// <summary>Bytes of the text in UTF-8, and one for the end of each row; null if no text column was named.</summary>
    public long? ByteCount { get; init; }

    /// <summary>
    /// exp(sum of negative log-likelihoods / words): compares models of different tokens on one text. For a model of such words it is
    /// <see cref="Perplexity"/>. Null if no text column was named.
    /// </summary>
    public double? WordPerplexity => WordCount is long words ? Math.Exp(CrossEntropy * TokenCount / words) : null;

    /// <summary>
    /// The sum of negative log-likelihoods in bits, by bytes: compares models of different tokens. Null if no text column was named.
    /// </summary>
    public double? BitsPerByte => CrossEntropyBits * TokenCount / ByteCount;
}
