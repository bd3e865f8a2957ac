namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>A text that a beam search found.</summary>
/// <param name="Words">What follows the prompt, the end-of-sentence mark included if it was reached.</param>
/// <param name="Score">What texts were compared by: log P / length^a.</param>
public sealed record GeneratedText(IReadOnlyList<GeneratedWord> Words, double Score)
{
    /// <summary>What the words add to the prompt: prompt and text put together are the whole text.</summary>
    public string Text => string.Concat(Words.Select(word => word.Text));

    /// <summary>log P of the words given the prompt, nats.</summary>
    public double LogProbability => Words.Sum(word => word.LogProbability);
}
