using Microsoft.ML.MixtureOfSoftmaxes.Analysis;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Comparison;

[TestClass]
public sealed class FrequencyBandsTests
{
    // Words 0 and 4 once, 1 not at all, 2 nine times, 3 ten times.
    private static readonly int[] s_stream = [0, 4, .. Enumerable.Repeat(2, 9), .. Enumerable.Repeat(3, 10)];

    [TestMethod]
    public void Words_are_in_the_decade_of_their_count() => Assert.AreSequenceEqual(
        [new(1, 1, 2, 2), new(9, 9, 1, 9), new(10, 10, 1, 10)], new FrequencyBands(s_stream, 5).All);

    [TestMethod]
    public void Decades_without_a_word_are_left_out()
    {
        int[] stream = [0, .. Enumerable.Repeat(1, 1000), .. Enumerable.Repeat(2, 1200)];
        Assert.AreSequenceEqual([new(1, 1, 1, 1), new(1000, 1200, 2, 2200)], new FrequencyBands(stream, 3).All);
    }

    [TestMethod]
    public void Perplexity_of_a_band_is_over_its_tokens()
    {
        float[] scores = [-1, -3, .. Enumerable.Repeat(-0.5f, 9), .. Enumerable.Repeat(-0.25f, 10)];
        double[] actual = new FrequencyBands(s_stream, 5).Perplexities(s_stream, scores);
        Assert.AreSequenceEqual([Math.Exp(2), Math.Exp(0.5), Math.Exp(0.25)], actual);
    }
}
