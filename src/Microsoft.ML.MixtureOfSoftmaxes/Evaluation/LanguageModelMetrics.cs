namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How well a language model predicts a corpus.</summary>
/// <param name="CrossEntropy">Mean negative log-likelihood of a token, nats.</param>
/// <param name="TokenCount">Tokens that count: words, and end-of-sentence marks, unless the scoring options leave some out.</param>
/// <param name="OutOfVocabularyCount">How many of them are the unknown word.</param>
/// <param name="RowCount">Rows.</param>
public sealed record LanguageModelMetrics(double CrossEntropy, long TokenCount, long OutOfVocabularyCount, long RowCount)
{
    /// <summary>exp(sum of negative log-likelihoods / sum of tokens); never a mean of rows' perplexities.</summary>
    public double Perplexity => Math.Exp(CrossEntropy);

    /// <summary>The cross-entropy in bits per token.</summary>
    public double CrossEntropyBits => CrossEntropy / Math.Log(2);

    /// <summary>The confidence interval of the perplexity; null where the data is one block of rows.</summary>
    public ConfidenceInterval? PerplexityInterval { get; init; }

    /// <summary>
    /// How many experts scored the tokens, those that do not count as well, and what was skipped; null where the scoring options do not name
    /// both columns of experts, <see cref="ScoringOptions.TokenExpertsColumnName"/> and
    /// <see cref="ScoringOptions.TokenSkippedPriorsColumnName"/>.
    /// </summary>
    public ExpertUse? ExpertUse { get; init; }

    /// <summary>
    /// Words that white space separates, of those that count, and one for the end of each row if it counts. Null if no text column was
    /// named, or if it is not known which words of the text count: if the score columns were read from a file, or if unknown words are left
    /// out and tokens are other than words that white space separates.
    /// </summary>
    public long? WordCount { get; init; }

    /// <summary>
    /// Bytes of the text in UTF-8, and one for the end of each row if it counts; where unknown words are left out, those of the other words
    /// with a space between two. Null where <see cref="WordCount"/> is.
    /// </summary>
    public long? ByteCount { get; init; }

    /// <summary>The same in characters, Unicode code points.</summary>
    public long? CharacterCount { get; init; }

    /// <summary>
    /// How many of the words, bytes and characters are ends of rows: <see cref="RowCount"/> if these count, otherwise 0. Null where
    /// <see cref="WordCount"/> is.
    /// </summary>
    public long? RowEndCount { get; init; }

    /// <summary>
    /// exp(sum of negative log-likelihoods / words): compares models of different tokens on one text. For a model of such words it is
    /// <see cref="Perplexity"/>. Null where <see cref="WordCount"/> is.
    /// </summary>
    public double? WordPerplexity => WordCount is long words ? Math.Exp(CrossEntropy * TokenCount / words) : null;

    /// <summary>The confidence interval of the perplexity per word; null where that is, or where the data is one block of rows.</summary>
    public ConfidenceInterval? WordPerplexityInterval { get; init; }

    /// <summary>exp(sum of negative log-likelihoods / bytes). Null where <see cref="WordCount"/> is.</summary>
    public double? BytePerplexity => ByteCount is long bytes ? Math.Exp(CrossEntropy * TokenCount / bytes) : null;

    /// <summary>
    /// The confidence interval of the perplexity per byte, whose binary logarithms are that of <see cref="BitsPerByte"/>; null where that is,
    /// or where the data is one block of rows.
    /// </summary>
    public ConfidenceInterval? BytePerplexityInterval { get; init; }

    /// <summary>
    /// The sum of negative log-likelihoods in bits, by bytes: compares models of different tokens. Null where <see cref="WordCount"/> is.
    /// </summary>
    public double? BitsPerByte => CrossEntropyBits * TokenCount / ByteCount;

    /// <summary>The same by characters.</summary>
    public double? BitsPerCharacter => CrossEntropyBits * TokenCount / CharacterCount;

    /// <summary>
    /// The same sums, ends of rows in them if they count, by words, bytes and characters of the text alone, as lm-evaluation-harness divides
    /// them; without intervals of these.
    /// </summary>
    public LanguageModelMetrics WithoutRowEnds() => this with
    {
        WordCount = WordCount - RowEndCount,
        ByteCount = ByteCount - RowEndCount,
        CharacterCount = CharacterCount - RowEndCount,
        RowEndCount = RowEndCount - RowEndCount,
        WordPerplexityInterval = null,
        BytePerplexityInterval = null,
    };
}
