using Microsoft.ML.MixtureOfSoftmaxes.Generation;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Generation;

[TestClass]
public sealed class WordSamplerTests
{
    private const int Draws = 50_000;

    private static readonly double[] s_probabilities = [0.02, 0.30, 0.05, 0.11, 0.0, 0.16, 0.01, 0.07, 0.20, 0.08];

    private static IEnumerable<GenerationOptions> Variants =>
    [
        new(),
        new() { Temperature = 0.5 },
        new() { Temperature = 1.7 },
        new() { TopK = 3 },
        new() { TopK = 1000 },
        new() { TopP = 0.7 },
        new() { TopP = 1 },
        new() { TopP = 1e-9 },
        new() { MinP = 0.3 },
        new() { MinP = 1 },
        new() { Temperature = 0.8, TopK = 6, TopP = 0.9, MinP = 0.25 },
        new() { Temperature = 2, TopK = 7, TopP = 0.8 },
    ];

    [TestMethod]
    [DynamicData(nameof(Variants))]
    public void Draws_follow_the_distribution_that_the_options_make(GenerationOptions options)
    {
        double[] expected = Expected(options);
        Assert.AreEqual(1, expected.Sum(), 1e-12);
        Assert.IsTrue(ChiSquare.Fits(expected, Count(options, s_probabilities)));
    }

    [TestMethod]
    public void The_test_rejects_other_distributions()
    {
        int[] counts = Count(new(), s_probabilities);
        foreach (GenerationOptions other in Variants)
        {
            bool isSame = Expected(other).Zip(s_probabilities).All(p => Math.Abs(p.First - p.Second) < 1e-9);
            Assert.AreEqual(isSame, ChiSquare.Fits(Expected(other), counts), $"{other}");
        }

        // Exponentials of probabilities, which the published code draws from, are nearly uniform.
        double[] exponentials = [.. s_probabilities.Select(p => Math.Exp(p))];
        Assert.IsFalse(ChiSquare.Fits([.. exponentials.Select(e => e / exponentials.Sum())], counts));
    }

    [TestMethod]
    public void Temperature_0_is_the_most_probable_word()
    {
        int[] counts = Count(new() { Temperature = 0, TopK = 5 }, s_probabilities);
        Assert.AreEqual(Draws, counts[1]);
    }

    [TestMethod]
    [DataRow(1e-300)]
    [DataRow(1e300)]
    public void Any_temperature_gives_a_word_that_may_be_drawn(double temperature)
    {
        int[] counts = Count(new() { Temperature = temperature }, s_probabilities);
        Assert.AreEqual(Draws, counts.Sum());
        Assert.AreEqual(0, counts[4]);
    }

    [TestMethod]
    public void Constants_added_to_log_probabilities_are_without_effect()
    {
        // What is excluded leaves the others as they were, so the sampler must not rely on a sum of one.
        double[] scaled = [.. s_probabilities.Select(p => p * 1e-200)];
        Assert.IsTrue(ChiSquare.Fits(Expected(new() { TopP = 0.7 }), Count(new() { TopP = 0.7 }, scaled)));
    }

    /// <summary>The definition, word by word.</summary>
    private static double[] Expected(GenerationOptions options)
    {
        double[] tempered = Normalized(s_probabilities.Select(p => Math.Pow(p, 1 / options.Temperature)));
        double kth = tempered.OrderDescending().ElementAt(Math.Min(options.TopK ?? tempered.Length, tempered.Length) - 1);
        double[] topK = Normalized(tempered.Select(p => p >= kth ? p : 0));
        double[] topP = Normalized(topK.Select(p => topK.Where(q => q > p).Sum() < (options.TopP ?? 1) ? p : 0));
        return Normalized(topP.Select(p => p >= (options.MinP ?? 0) * topP.Max() ? p : 0));
    }

    private static double[] Normalized(IEnumerable<double> weights)
    {
        double[] all = [.. weights];
        return [.. all.Select(weight => weight / all.Sum())];
    }

    private static int[] Count(GenerationOptions options, double[] probabilities)
    {
        double[] logs = [.. probabilities.Select(p => Math.Log(p))];
        var sampler = new WordSampler(options, new Random(1));
        int[] counts = new int[logs.Length];
        for (int i = 0; i < Draws; i++)
        {
            counts[sampler.Draw(logs)]++;
        }

        return counts;
    }
}
