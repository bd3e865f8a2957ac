namespace Microsoft.ML.MixtureOfSoftmaxes.Tests;

[TestClass]
public sealed class SeededRandomTests
{
    [TestMethod]
    public void Seeds_differ_by_run_purpose_and_place()
    {
        long[] seeds =
        [
            .. from seed in new[] { 0, 1, -1, int.MaxValue }
               from purpose in Enum.GetValues<SeededRandom.Purpose>()
               from index in Enumerable.Range(0, 2000)
               select SeededRandom.Seed(seed, purpose, index),
        ];
        Assert.HasCount(4 * 7 * 2000, seeds.Distinct());
        Assert.IsTrue(seeds.All(seed => seed >= 0), "libtorch takes a seed as an unsigned number");
    }

    [TestMethod]
    public void Generators_of_successive_epochs_are_uncorrelated() =>
        AssertUncorrelated(epoch => SeededRandom.Create(5, SeededRandom.Purpose.Windows, epoch));

    [TestMethod]
    public void Generators_of_neighbouring_seeds_are_uncorrelated()
    {
        AssertUncorrelated(seed => SeededRandom.Create(seed, SeededRandom.Purpose.Generation));
        AssertUncorrelated(seed => SeededRandom.Create(seed, SeededRandom.Purpose.Bootstrap));
        Assert.ThrowsExactly<AssertFailedException>(() => AssertUncorrelated(seed => new Random(seed)));
    }

    private static void AssertUncorrelated(Func<int, Random> create)
    {
        // Uniform on [0, 1): the product of two independent ones has mean 1/4, its standard error here is about 0.005.
        double mean = Enumerable.Range(0, 2000).Average(i => create(i).NextDouble() * create(i + 1).NextDouble());
        Assert.AreEqual(0.25, mean, 0.022);
    }
}
