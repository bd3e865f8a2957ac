namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>A token column read as one text, each row followed by the end-of-sentence mark.</summary>
/// <param name="Tokens">The ids.</param>
/// <param name="Shards">Where its shards begin, in reading order: the first at 0.</param>
/// <param name="Unknown">How many of its words are unknown.</param>
internal sealed record TokenText(TokenSequence Tokens, long[] Shards, UnknownShare Unknown) : IDisposable
{
    public void Dispose() => Tokens.Dispose();

    /// <summary>The shards in another order.</summary>
    public TokenSequence Shuffled(Random random)
    {
        int[] order = [.. Enumerable.Range(0, Shards.Length)];
        random.Shuffle(order);
        return new TokenSegments(
            Tokens, order.Select(i => (Shards[i], (i + 1 < Shards.Length ? Shards[i + 1] : Tokens.Length) - Shards[i])));
    }
}
