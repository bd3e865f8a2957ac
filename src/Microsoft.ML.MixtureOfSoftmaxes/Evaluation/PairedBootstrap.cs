using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>
/// Confidence intervals by resampling blocks of rows with replacement, the same blocks for every model (the paired bootstrap; Koehn 2004,
/// Statistical significance tests for machine translation evaluation). Blocks count as independent of each other.
/// </summary>
internal sealed class PairedBootstrap
{
    private readonly double[][] _crossEntropies;
    private readonly double _confidence;

    /// <param name="losses">Negative log-likelihood, nats: by model, then by block.</param>
    /// <param name="lengths">Of each block: the tokens, or what else the loss is divided by; not all of them 0.</param>
    /// <param name="options">How many resamples, their seed, and the confidence.</param>
    /// <param name="cancellation">Checked before each resample.</param>
    public PairedBootstrap(double[][] losses, long[] lengths, BootstrapOptions options, Cancellation cancellation)
    {
        _confidence = options.Confidence;
        Random random = SeededRandom.Create(options.Seed, SeededRandom.Purpose.Bootstrap);
        _crossEntropies = [.. losses.Select(_ => new double[options.Resamples])];
        double[] sums = new double[losses.Length];
        for (int resample = 0; resample < options.Resamples; resample++)
        {
            cancellation.ThrowIfRequested();
            long drawn = 0;
            while (drawn == 0) // There may be blocks in which nothing counts, and all that is drawn may be such.
            {
                drawn = Draw(losses, lengths, random, sums);
            }

            for (int model = 0; model < sums.Length; model++)
            {
                _crossEntropies[model][resample] = sums[model] / drawn;
            }
        }
    }

    /// <summary>The interval of a model's perplexity, by token or by what else lengths are of.</summary>
    public ConfidenceInterval Perplexity(int model) => Interval(_crossEntropies[model]);

    /// <summary>The interval of a model's perplexity divided by another's.</summary>
    public ConfidenceInterval Ratio(int model, int other) =>
        Interval(_crossEntropies[model].Zip(_crossEntropies[other], (a, b) => a - b));

    private static long Draw(double[][] losses, long[] lengths, Random random, double[] sums)
    {
        Array.Clear(sums);
        long drawn = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            int block = random.Next(lengths.Length);
            drawn += lengths[block];
            for (int model = 0; model < sums.Length; model++)
            {
                sums[model] += losses[model][block];
            }
        }

        return drawn;
    }

    /// <summary>The exponentials of the values that leave equal shares of all values out on either side.</summary>
    private ConfidenceInterval Interval(IEnumerable<double> logs)
    {
        double[] sorted = [.. logs.Order()];
        int outside = (int)(sorted.Length * (1 - _confidence) / 2);
        return new(Math.Exp(sorted[outside]), Math.Exp(sorted[^(outside + 1)]));
    }
}
