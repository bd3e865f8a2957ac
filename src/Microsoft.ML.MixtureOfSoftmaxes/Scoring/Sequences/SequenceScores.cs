namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>The scores of the true words at a number of places; what was not asked for is empty.</summary>
internal sealed class SequenceScores(int count, TokenDetail detail)
{
    public TokenDetail Detail => detail;

    /// <summary>log P of the true word, nats.</summary>
    public float[] LogLikelihoods { get; } = new float[count];

    /// <summary>Its rank, 1 for the likeliest word.</summary>
    public int[] Ranks { get; } = new int[detail.Ranks ? count : 0];

    /// <summary>The likeliest words at each place, [places, TopCount], best first.</summary>
    public int[] TopWords { get; } = new int[count * detail.TopCount];

    /// <summary>Their log P.</summary>
    public float[] TopLogLikelihoods { get; } = new float[count * detail.TopCount];

    /// <summary>How many experts were computed.</summary>
    public int[] Experts { get; } = new int[detail.Experts ? count : 0];

    /// <summary>What the priors of the others sum to.</summary>
    public float[] SkippedPriors { get; } = new float[detail.Experts ? count : 0];

    /// <summary>The scores of every <paramref name="stride"/>-th place from <paramref name="first"/> on.</summary>
    public SequenceScores Pick(int first, int stride, int places)
    {
        var picked = new SequenceScores(places, detail);
        for (int i = 0, place = first; i < places; i++, place += stride)
        {
            picked.LogLikelihoods[i] = LogLikelihoods[place];
            if (detail.Ranks)
            {
                picked.Ranks[i] = Ranks[place];
            }

            if (detail.Experts)
            {
                (picked.Experts[i], picked.SkippedPriors[i]) = (Experts[place], SkippedPriors[place]);
            }

            Array.Copy(TopWords, place * detail.TopCount, picked.TopWords, i * detail.TopCount, detail.TopCount);
            Array.Copy(TopLogLikelihoods, place * detail.TopCount, picked.TopLogLikelihoods, i * detail.TopCount, detail.TopCount);
        }

        return picked;
    }
}
