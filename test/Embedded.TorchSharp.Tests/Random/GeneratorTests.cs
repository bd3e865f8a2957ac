using Embedded.TorchSharp.Tests.Oracle;

namespace Embedded.TorchSharp.Tests.Random;

[TestClass]
public class GeneratorTests
{
    [TestMethod]
    public void A_seed_gives_PyTorchs_numbers()
    {
        manual_seed(7);
        Golden.Expect("rand(seed 7)", rand(5, float64));
        Golden.Expect("randn(seed 7)", randn(20, float64));
    }

    [TestMethod]
    public void A_saved_state_gives_the_same_numbers_again()
    {
        manual_seed(11);
        _ = randn(100);
        using var state = get_rng_state();
        using var first = randn(50);
        set_rng_state(state);
        using var second = randn(50);
        Assert.IsTrue(first.Equals(second));
        Assert.IsFalse(first.Equals(randn(50)));
    }

    [TestMethod]
    public void A_generator_of_its_own_leaves_the_default_one_alone()
    {
        manual_seed(1);
        using var expected = rand(3);
        manual_seed(1);
        using var own = new Generator(1);
        using var drawn = rand(3, generator: own);
        Assert.IsTrue(drawn.Equals(expected));
        Assert.IsTrue(rand(3).Equals(expected));
        Assert.AreEqual(1L, own.initial_seed());
    }

    [TestMethod]
    public void A_generators_state_can_be_taken_and_given_back()
    {
        using var generator = new Generator(3);
        using var state = generator.get_state();
        using var first = zeros(8).normal_(generator: generator);
        generator.set_state(state);
        using var second = zeros(8).normal_(generator: generator);
        Assert.IsTrue(first.Equals(second));
    }

    [TestMethod]
    public void A_broken_state_is_an_exception() =>
        Assert.ThrowsExactly<System.Runtime.InteropServices.ExternalException>(() => set_rng_state(zeros(3, uint8)));

    [TestMethod]
    public void Samples_follow_their_distribution()
    {
        manual_seed(2);
        var sample = tensor(new[] { 0.1, 0.2, 0.7 }).multinomial(20_000, replacement: true).bincount(null, 3) / 20_000.0;
        Assert.IsTrue(sample.allclose(tensor(new[] { 0.1f, 0.2f, 0.7f }), atol: 0.01));
        Assert.AreEqual(0.3, zeros(20_000).bernoulli_(0.3).mean().item<float>(), 0.015);
        using var order = randperm(100);
        using var whole = randint(3, 6, [1000]);
        Assert.AreEqual((3L, 5L), (whole.min().item<long>(), whole.max().item<long>()));
        Assert.IsTrue(order.sort().Values.Equals(arange(100)));
    }
}
