namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>What counts of a row, or of several.</summary>
/// <param name="Loss">The sum of negative log-likelihoods, nats.</param>
/// <param name="Tokens">How many there are.</param>
/// <param name="Length">How long the text is.</param>
internal readonly record struct CorpusSums(double Loss, long Tokens, TextLength Length)
{
    public static CorpusSums operator +(CorpusSums a, CorpusSums b) => new(a.Loss + b.Loss, a.Tokens + b.Tokens, a.Length + b.Length);
}

/// <summary>The length of a text: words that white space separates, bytes of UTF-8, and Unicode code points.</summary>
internal readonly record struct TextLength(long Words, long Bytes, long Characters)
{
    public static TextLength operator +(TextLength a, TextLength b) => new(a.Words + b.Words, a.Bytes + b.Bytes, a.Characters + b.Characters);
}
