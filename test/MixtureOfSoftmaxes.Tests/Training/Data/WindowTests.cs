using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Data;

[TestClass]
public sealed class WindowTests
{
    private const int Base = 70, Excess = 40;

    [TestMethod]
    [DataRow(1, 0.0)]
    [DataRow(70, 0.0)]
    [DataRow(71, 0.0)]
    [DataRow(1, 5.0)]
    [DataRow(12_345, 5.0)]
    [DataRow(12_345, 500.0)]
    public void Windows_cover_the_grid_without_gap_or_overlap(int gridLength, double deviation)
    {
        int next = 0;
        foreach (Window window in Plan(gridLength, deviation))
        {
            Assert.AreEqual(next, window.Start);
            Assert.IsGreaterThan(0, window.Length);
            next += window.Length;
        }

        Assert.AreEqual(gridLength, next);
    }

    [TestMethod]
    public void Without_deviation_all_but_the_last_have_the_base_length_and_all_the_full_rate() =>
        Assert.AreSequenceEqual([new Window(0, 70, 1), new Window(70, 70, 1), new Window(140, 65, 1)], Plan(205, deviation: 0));

    [TestMethod]
    public void Lengths_are_normal_around_the_base_but_one_in_twenty_around_its_half()
    {
        int[] lengths = [.. Plan(3_000_000, deviation: 5).Select(w => w.Length).SkipLast(1)];
        int[] full = [.. lengths.Where(length => length > 52)], half = [.. lengths.Where(length => length <= 52)];

        // Rounding down takes a half off the mean and adds a twelfth to the variance; tolerances are four standard errors or more.
        Assert.AreEqual(0.05, half.Length / (double)lengths.Length, 0.0045);
        Assert.AreEqual(69.5, full.Average(), 0.12);
        Assert.AreEqual(34.5, half.Average(), 0.5);
        Assert.AreEqual(Math.Sqrt(25 + (1 / 12.0)), Deviation(full), 0.08);
        Assert.AreEqual(Math.Sqrt(25 + (1 / 12.0)), Deviation(half), 0.35);
    }

    [TestMethod]
    public void Lengths_are_cut_to_five_at_least_and_base_and_excess_at_most()
    {
        int[] lengths = [.. Plan(1_500_000, deviation: 200).Select(w => w.Length).SkipLast(1)];
        Assert.AreEqual(5, lengths.Min());
        Assert.AreEqual(Base + Excess, lengths.Max());

        // Of the normal distribution, the shares below 6 and from 110 on.
        Assert.AreEqual(0.3779, Share(length => length == 5), 0.016);
        Assert.AreEqual(0.4174, Share(length => length == Base + Excess), 0.016);

        double Share(Func<int, bool> predicate) => lengths.Count(predicate) / (double)lengths.Length;
    }

    [TestMethod]
    public void The_rate_scales_with_the_length()
    {
        foreach (Window window in Plan(10_000, deviation: 5))
        {
            Assert.AreEqual(window.Length / 70.0, window.RateScale);
        }
    }

    [TestMethod]
    public void Lengths_are_a_function_of_the_seed_and_the_epoch()
    {
        Assert.AreSequenceEqual(Of(seed: 1, epoch: 3), Of(seed: 1, epoch: 3));
        Assert.AreNotSequenceEqual(Of(seed: 1, epoch: 3), Of(seed: 1, epoch: 4));
        Assert.AreNotSequenceEqual(Of(seed: 1, epoch: 3), Of(seed: 2, epoch: 3));

        static Window[] Of(int seed, int epoch) =>
            new TrainingData(TokenSequences.Of(new int[30_000]), null, 1, seed, Options(5), CPU).Windows(epoch);
    }

    private static Window[] Plan(int gridLength, double deviation) => Window.Plan(gridLength, Options(deviation), new Random(1));

    private static MixtureOfSoftmaxesTrainer.Options Options(double deviation) =>
        new() { SequenceLength = Base, SequenceLengthDeviation = deviation, SequenceLengthExcess = Excess };

    private static double Deviation(int[] values) => Math.Sqrt(values.Average(v => Math.Pow(v - values.Average(), 2)));
}
