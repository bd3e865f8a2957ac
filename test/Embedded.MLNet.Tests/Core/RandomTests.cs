using Microsoft.ML;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Embedded.MLNet.Tests.Core;

[TestClass]
public class RandomTests
{
    // Numbers of the official library for the same seeds.
    [TestMethod]
    public void A_seeded_context_gives_the_numbers_of_the_official_library()
    {
        IHostEnvironment env = new MLContext(seed: 3);
        Random first = env.Register("A").Rand;
        Assert.AreEqual(203934702, first.Next());
        Assert.AreEqual(83, first.Next(100));
        Assert.AreEqual(0.7565269288606942, first.NextDouble());
        Assert.AreEqual(2, first.Next(-5, 5));
        Assert.AreEqual(1063768542, env.Register("B").Rand.Next());
        Assert.AreEqual(1773327147, env.Register("B", seed: 5).Rand.Next());
    }

    [TestMethod]
    public void Contexts_without_a_seed_differ()
    {
        IHostEnvironment one = new MLContext();
        IHostEnvironment other = new MLContext();
        Assert.AreNotEqual(one.Register("A").Rand.NextDouble(), other.Register("A").Rand.NextDouble());
    }

    [TestMethod]
    public void Uniform_numbers_have_the_mean_and_variance_of_the_uniform_distribution()
    {
        var random = new TauswortheHybrid(seed: 12);
        double[] numbers = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextDouble())];
        double mean = numbers.Average();
        Assert.AreEqual(0.5, mean, 0.005);
        Assert.AreEqual(1 / 12.0, numbers.Average(x => (x - mean) * (x - mean)), 0.002);
        Assert.IsTrue(numbers.All(x => x is >= 0 and < 1));
    }

    // Published test vectors of 32-bit MurmurHash3.
    [TestMethod]
    [DataRow("", 0u, 0u)]
    [DataRow("", 1u, 0x514E28B7u)]
    [DataRow("test", 0u, 0xBA6BD213u)]
    [DataRow("Hello, world!", 0x9747B28Cu, 0x24884CBAu)]
    [DataRow("aaaa", 0x9747B28Cu, 0x5A97808Au)]
    [DataRow("aaa", 0x9747B28Cu, 0x283E0130u)]
    public void The_hash_of_text_is_Murmur3(string text, uint seed, uint hash) =>
        Assert.AreEqual(hash, Murmur3.Hash(seed, System.Text.Encoding.UTF8.GetBytes(text)));
}
