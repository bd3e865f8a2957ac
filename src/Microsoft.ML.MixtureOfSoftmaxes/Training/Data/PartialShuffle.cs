using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// Partial shuffle of a token stream (Press, 2019): each of the B columns is rotated by an amount of its own, so that the cuts fall
/// elsewhere each epoch while nearly all words keep their context.
/// </summary>
internal static class PartialShuffle
{
    public static TokenSequence Apply(TokenSequence stream, int columns, Random random)
    {
        int length = checked((int)(stream.Length / columns));
        var segments = new List<(long Start, long Length)>();
        for (int column = 0; column < columns; column++)
        {
            long start = (long)column * length, cut = random.Next(length);
            segments.Add((start + cut, length - cut));
            segments.Add((start, cut));
        }

        segments.Add(((long)columns * length, stream.Length - ((long)columns * length)));
        return new TokenSegments(stream, segments);
    }
}
