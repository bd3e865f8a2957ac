using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Completion;

/// <summary>Finds the likeliest tokens of a distribution.</summary>
internal static class Alternatives
{
    /// <param name="logProbabilities_v">log P of every token; those of -infinity are none.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="names">What they are called.</param>
    /// <param name="before">The token before them.</param>
    public static TokenAlternative[] Of(double[] logProbabilities_v, int count, TokenNames names, int? before)
    {
        // The worst of the best so far goes out first.
        var best = new PriorityQueue<int, double>();
        for (int token = 0; token < logProbabilities_v.Length && count > 0; token++)
        {
            double logP = logProbabilities_v[token];
            if (best.Count < count && logP > double.NegativeInfinity)
            {
                best.Enqueue(token, logP);
            }
            else if (best.TryPeek(out _, out double worst) && logP > worst)
            {
                best.DequeueEnqueue(token, logP);
            }
        }

        var alternatives = new TokenAlternative[best.Count];
        while (best.TryDequeue(out int token, out double logP))
        {
            alternatives[best.Count] = new(token, names.Of(token, before), (float)logP);
        }

        return alternatives;
    }
}
