namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// Partial shuffle of a token stream (Press, 2019): each of the B columns is rotated by an amount of its own, so that the cuts fall
/// elsewhere each epoch while nearly all words keep their context.
/// </summary>
internal static class PartialShuffle
{
    public static int[] Apply(ReadOnlySpan<int> stream, int columns, Random random)
    {
        int length = stream.Length / columns;
        int[] shuffled = stream.ToArray();
        for (int column = 0; column < columns; column++)
        {
            ReadOnlySpan<int> from = stream.Slice(column * length, length);
            Span<int> to = shuffled.AsSpan(column * length, length);
            int cut = random.Next(length);
            from[cut..].CopyTo(to);
            from[..cut].CopyTo(to[(length - cut)..]);
        }

        return shuffled;
    }
}
