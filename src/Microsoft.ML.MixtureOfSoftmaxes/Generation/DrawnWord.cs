namespace Microsoft.ML.MixtureOfSoftmaxes.Generation;

/// <summary>A word as it was drawn.</summary>
/// <param name="Word">Its index.</param>
/// <param name="LogProbabilities_v">log P of every word at its place, the model's own; -infinity for one that may not be drawn.</param>
/// <param name="IsEndOfSentence">Whether it is the end-of-sentence mark.</param>
/// <param name="Text">What it adds to the text.</param>
internal readonly record struct DrawnWord(int Word, double[] LogProbabilities_v, bool IsEndOfSentence, string Text)
{
    public double LogProbability => LogProbabilities_v[Word];
}
