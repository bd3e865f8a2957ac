using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>
/// Confidence intervals by resampling rows with replacement, the same rows for every model (the paired bootstrap; Koehn 2004,
/// Statistical significance tests for machine translation evaluation). Rows count as independent of each other.
/// </summary>
internal sealed class PairedBootstrap
{
    private readonly double[][] _crossEntropies;
    private readonly double _confidence;

    /// <param name="losses">Negative log-likelihood, nats: by model, then by row.</param>
    /// <param name="tokens">Tokens of each row.</param>
    /// <param name="options">How many resamples, their seed, and the confidence.</param>
    /// <param name="cancellation">Checked before each resample.</param>
    public PairedBootstrap(double[][] losses, int[] tokens, ModelComparisonOptions options, Cancellation cancellation)
    {
        _confidence = options.Confidence;
        Random random = SeededRandom.Create(options.Seed, SeededRandom.Purpose.Bootstrap);
        _crossEntropies = [.. losses.Select(_ => new double[options.Resamples])];
        double[] sums = new double[losses.Length];
        for (int resample = 0; resample < options.Resamples; resample++)
        {
            cancellation.ThrowIfRequested();
            Array.Clear(sums);
            long drawn = 0;
            for (int i = 0; i < tokens.Length; i++)
            {
                int row = random.Next(tokens.Length);
                drawn += tokens[row];
                for (int model = 0; model < sums.Length; model++)
                {
                    sums[model] += losses[model][row];
                }
            }

            for (int model = 0; model < sums.Length; model++)
            {
                _crossEntropies[model][resample] = sums[model] / drawn;
            }
        }
    }

    /// <summary>The interval of a model's perplexity.</summary>
    public ConfidenceInterval Perplexity(int model) => Interval(_crossEntropies[model]);

    /// <summary>The interval of a model's perplexity divided by another's.</summary>
    public ConfidenceInterval Ratio(int model, int other) =>
        Interval(_crossEntropies[model].Zip(_crossEntropies[other], (a, b) => a - b));

    /// <summary>The exponentials of the values that leave equal shares of all values out on either side.</summary>
    private ConfidenceInterval Interval(IEnumerable<double> logs)
    {
        double[] sorted = [.. logs.Order()];
        int outside = (int)(sorted.Length * (1 - _confidence) / 2);
        return new(Math.Exp(sorted[outside]), Math.Exp(sorted[^(outside + 1)]));
    }
}
