using Microsoft.ML.MixtureOfSoftmaxes.Evaluation;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Evaluation;

[TestClass]
public sealed class PairedBootstrapTests
{
    private const int Rows = 400;

    // Losses of rows of one token: normal with deviation 0.5, and the same 0.1 lower.
    private static readonly double[] s_losses = [.. Numbers.Gaussian(new Random(5), Rows, 0.5).Select(x => x + 4)];
    private static readonly double[][] s_two = [s_losses, [.. s_losses.Select(loss => loss - 0.1)]];
    private static readonly long[] s_tokens = [.. Enumerable.Repeat(1L, Rows)];

    [TestMethod]
    [DataRow(0.95, 1.96)]
    [DataRow(0.8, 1.2816)]
    public void The_interval_is_that_of_the_normal_law_where_rows_are_many(double confidence, double quantile)
    {
        double mean = s_losses.Average();
        double error = Math.Sqrt(s_losses.Average(x => (x - mean) * (x - mean)) / Rows);
        ConfidenceInterval interval = Bootstrap(new() { Confidence = confidence, Resamples = 4_000 }).Perplexity(0);
        Assert.AreEqual(mean - (quantile * error), Math.Log(interval.Low), 0.12 * error);
        Assert.AreEqual(mean + (quantile * error), Math.Log(interval.High), 0.12 * error);
    }

    [TestMethod]
    public void What_rows_share_cancels_in_the_ratio()
    {
        ConfidenceInterval ratio = Bootstrap(new()).Ratio(1, 0);
        Assert.AreEqual(Math.Exp(-0.1), ratio.Low, 1e-12);
        Assert.AreEqual(Math.Exp(-0.1), ratio.High, 1e-12);
    }

    [TestMethod]
    public void A_resample_divides_by_its_own_tokens()
    {
        // Rows of 1 and of 9 tokens, 2 nats each token: every resample has cross-entropy 2.
        long[] tokens = [.. Enumerable.Range(0, Rows).Select(row => row % 2 == 0 ? 1L : 9)];
        var bootstrap = new PairedBootstrap([[.. tokens.Select(count => 2.0 * count)]], tokens, new(), default);
        Assert.AreEqual(Math.Exp(2), bootstrap.Perplexity(0).Low, 1e-12);
        Assert.AreEqual(Math.Exp(2), bootstrap.Perplexity(0).High, 1e-12);
    }

    [TestMethod]
    public void The_seed_decides()
    {
        Assert.AreEqual(Bootstrap(new() { Seed = 3 }).Perplexity(0), Bootstrap(new() { Seed = 3 }).Perplexity(0));
        Assert.AreNotEqual(Bootstrap(new() { Seed = 3 }).Perplexity(0), Bootstrap(new() { Seed = 4 }).Perplexity(0));
    }

    [TestMethod]
    public void Resamples_of_neighbouring_seeds_are_independent()
    {
        // One resample of two rows with losses of 1 and -1: its mean has variance 1/2, the product of two such means a deviation of 1/2.
        const int Seeds = 4_000;
        double[] means = [.. Enumerable.Range(0, Seeds + 1).Select(Mean)];
        Assert.AreEqual(0, means.Zip(means.Skip(1), (mean, next) => mean * next).Average(), 3.3 * 0.5 / Math.Sqrt(Seeds));

        static double Mean(int seed) => Math.Log(new PairedBootstrap(
            [[1, -1]], [1, 1], new() { Seed = seed, Resamples = 1 }, default).Perplexity(0).Low);
    }

    private static PairedBootstrap Bootstrap(BootstrapOptions options) => new(s_two, s_tokens, options, default);
}
