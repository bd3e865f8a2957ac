namespace Microsoft.ML.MixtureOfSoftmaxes.Generation;

/// <summary>Draws words from a distribution that is flattened or sharpened, then cut, as the options say.</summary>
internal sealed class WordSampler(GenerationOptions options, Random random)
{
    /// <summary>A word's index.</summary>
    /// <param name="logProbabilities_v">log P of every word, not necessarily normalised; those that may not be drawn have -infinity.</param>
    public int Draw(ReadOnlySpan<double> logProbabilities_v)
    {
        int best = IndexOfMax(logProbabilities_v);
        if (options.Temperature == 0)
        {
            return best;
        }

        // Relative to the most probable word, so that no temperature leads to overflow.
        double[] weights = new double[logProbabilities_v.Length];
        for (int word = 0; word < weights.Length; word++)
        {
            weights[word] = Math.Exp((logProbabilities_v[word] - logProbabilities_v[best]) / options.Temperature);
        }

        int[] words = [.. Enumerable.Range(0, weights.Length)];
        int count = words.Length;
        if (options.TopK is not null || options.TopP is not null)
        {
            Array.Sort(weights, words);
            Array.Reverse(weights);
            Array.Reverse(words);
            count = CountInTopP(weights.AsSpan(0, Math.Min(options.TopK ?? count, count)));
        }

        return words[DrawIndex(weights.AsSpan(0, count))];
    }

    /// <summary>How many of the weights, largest first, reach the share p of their sum.</summary>
    private int CountInTopP(ReadOnlySpan<double> descending)
    {
        double wanted = (options.TopP ?? 1) * Sum(descending);
        double sum = 0;
        int count = 0;
        while (count < descending.Length && sum < wanted)
        {
            sum += descending[count++];
        }

        return count;
    }

    private int DrawIndex(Span<double> weights)
    {
        // The largest weight is 1.
        foreach (ref double weight in weights)
        {
            weight = weight < options.MinP ? 0 : weight;
        }

        double left = random.NextDouble() * Sum(weights);
        int drawn = -1;
        for (int i = 0; i < weights.Length && left >= 0; i++)
        {
            if (weights[i] > 0)
            {
                left -= weights[i];
                drawn = i;
            }
        }

        return drawn;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static int IndexOfMax(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
