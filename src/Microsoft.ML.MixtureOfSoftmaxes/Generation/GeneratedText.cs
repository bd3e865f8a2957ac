namespace Microsoft.ML.MixtureOfSoftmaxes.Generation;

/// <summary>A text that a beam search found.</summary>
/// <param name="Words">What follows the prompt, the end-of-sentence mark included if it was reached.</param>
/// <param name="Score">What texts were compared by: log P / length^a.</param>
public sealed record GeneratedText(IReadOnlyList<GeneratedWord> Words, double Score)
{
    /// <summary>The words with spaces between them, without end-of-sentence marks.</summary>
    public string Text => string.Join(' ', Words.Where(word => !word.IsEndOfSentence).Select(word => word.Word));

    /// <summary>log P of the words given the prompt, nats.</summary>
    public double LogProbability => Words.Sum(word => word.LogProbability);
}
