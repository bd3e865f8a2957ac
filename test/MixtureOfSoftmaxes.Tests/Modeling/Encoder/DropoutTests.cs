using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Dropout = Microsoft.ML.MixtureOfSoftmaxes.Modeling.Dropout;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Encoder;

[TestClass]
public sealed class DropoutTests
{
    [TestInitialize]
    public void Seed() => random.manual_seed(1);

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.75)]
    public void A_mask_zeroes_at_its_rate_and_keeps_the_expectation(double rate)
    {
        const int Count = 100_000;
        using DisposeScope scope = NewDisposeScope();
        double[] mask = Tensors.Values(Dropout.Mask(zeros(1), rate, Count / 10, 10));
        double kept = (double)(float)(1 / (1 - rate));
        Assert.IsTrue(mask.All(m => m == 0 || Math.Abs(m - kept) < 1e-6));
        double deviation = Math.Sqrt(rate * (1 - rate) / Count);
        Assert.AreEqual(rate, mask.Count(m => m == 0) / (double)Count, 5 * deviation);
    }

    [TestMethod]
    public void Elements_of_a_mask_and_of_two_masks_are_independent()
    {
        const int Count = 200_003;
        using DisposeScope scope = NewDisposeScope();
        double[][] masks = [.. Enumerable.Range(0, 2).Select(_ => Tensors.Values(Dropout.Mask(zeros(1), 0.5, Count)))];
        Assert.AreEqual(0.5, EqualShare(masks[0], masks[1]), 5 * 0.5 / Math.Sqrt(Count));
        foreach (int distance in new[] { 1, 2, 3, 4, 8, 16, 32, 64, 128, 4096, 8192 })
        {
            double share = EqualShare(masks[0].AsSpan()[distance..], masks[0]);
            Assert.AreEqual(0.5, share, 5 * 0.5 / Math.Sqrt(Count - distance), $"elements {distance} apart");
        }

        static double EqualShare(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            int equal = 0;
            for (int i = 0; i < a.Length; i++)
            {
                equal += a[i] == b[i] ? 1 : 0;
            }

            return equal / (double)a.Length;
        }
    }

    [TestMethod]
    public void Locked_dropout_has_one_mask_for_all_time_steps()
    {
        const int Steps = 4, Batch = 3, Size = 8;
        using DisposeScope scope = NewDisposeScope();
        double[] dropped = Tensors.Values(Dropout.Locked(ones(Steps, Batch, Size), 0.5));
        for (int t = 1; t < Steps; t++)
        {
            Assert.AreSequenceEqual(dropped[..(Batch * Size)], dropped[(t * Batch * Size)..((t + 1) * Batch * Size)]);
        }

        Assert.IsFalse(dropped[..Size].SequenceEqual(dropped[Size..(2 * Size)]), "each column has a mask of its own");
    }

    [TestMethod]
    public void A_rate_of_zero_changes_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2, 2, 2);
        Assert.AreSame(x, Dropout.Locked(x, 0));
    }

    [TestMethod]
    public void Word_dropout_drops_whole_rows_at_all_their_places()
    {
        const int Vocabulary = 40, Size = 5;
        using DisposeScope scope = NewDisposeScope();
        int[] words = Numbers.Ids(new Random(3), 6 * 20, Vocabulary);
        double[] table = [.. Enumerable.Range(0, Vocabulary * Size).Select(i => 1.0 + i)];
        double[] plain = Tensors.Values(Dropout.Embed(Tensors.Singles(table, Vocabulary, Size), Tensors.Ids(words, 6, 20), 0));
        double[] dropped = Tensors.Values(Dropout.Embed(Tensors.Singles(table, Vocabulary, Size), Tensors.Ids(words, 6, 20), 0.5));
        var factors = new Dictionary<int, double>();
        for (int place = 0; place < words.Length; place++)
        {
            double factor = dropped[place * Size] == 0 ? 0 : 2;
            for (int c = 0; c < Size; c++)
            {
                Assert.AreEqual(table[(words[place] * Size) + c], plain[(place * Size) + c]);
                Assert.AreEqual(factor * table[(words[place] * Size) + c], dropped[(place * Size) + c]);
            }

            Assert.AreEqual(factors.GetValueOrDefault(words[place], factor), factor, $"word {words[place]}");
            factors[words[place]] = factor;
        }

        Assert.IsTrue(factors.Values.Contains(0) && factors.Values.Contains(2));
    }

    [TestMethod]
    public void The_gradient_of_an_embedding_is_the_mask_times_the_count_of_the_word()
    {
        using DisposeScope scope = NewDisposeScope();
        var table = new Parameter(ones(3, 2));
        Tensor embedded = Dropout.Embed(table, Tensors.Ids([0, 0, 1, 0], 2, 2), 0.5);
        embedded.sum().backward();
        double[] values = Tensors.Values(embedded);
        Assert.AreSequenceEqual(
            [3 * values[0], 3 * values[0], values[4], values[4], 0.0, 0.0], Tensors.Values(table.grad!));
    }
}
