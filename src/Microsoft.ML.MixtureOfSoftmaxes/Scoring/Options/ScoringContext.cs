namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What the words of a row are conditioned on.</summary>
public enum ScoringContext
{
    /// <summary>Each row by itself: its first word follows an end-of-sentence mark, and nothing is remembered from other rows.</summary>
    Row,

    /// <summary>The rows are one text in row order, as corpora are evaluated in the literature: each is conditioned on all before it.</summary>
    Stream,

    /// <summary>
    /// Rows that follow each other with the same value of <see cref="ScoringOptions.DocumentColumnName"/> are one text; another value
    /// starts afresh, as a row by itself does. A value that comes back later is a new text.
    /// </summary>
    Document,
}
