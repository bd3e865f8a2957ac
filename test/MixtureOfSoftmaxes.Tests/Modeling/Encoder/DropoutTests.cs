using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Dropout = Microsoft.ML.MixtureOfSoftmaxes.Modeling.Dropout;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Encoder;

[TestClass]
public sealed class DropoutTests
{
    private static readonly Drop s_half = new(0.5, new(Seed: 1, FirstColumn: 0), DropoutSite.Input, Layer: 0);

    [TestMethod]
    public void Locked_dropout_has_one_mask_for_all_time_steps()
    {
        const int Steps = 4, Batch = 3, Size = 8;
        using DisposeScope scope = NewDisposeScope();
        double[] dropped = Tensors.Values(Dropout.Locked(ones(Steps, Batch, Size), s_half));
        for (int t = 1; t < Steps; t++)
        {
            Assert.AreSequenceEqual(dropped[..(Batch * Size)], dropped[(t * Batch * Size)..((t + 1) * Batch * Size)]);
        }

        Assert.IsFalse(dropped[..Size].SequenceEqual(dropped[Size..(2 * Size)]), "each column has a mask of its own");
    }

    [TestMethod]
    public void A_columns_mask_is_the_same_in_whatever_pass_it_is()
    {
        const int Steps = 2, Batch = 5, Size = 70;
        using DisposeScope scope = NewDisposeScope();
        double[] whole = Tensors.Values(Dropout.Locked(ones(Steps, Batch, Size), s_half)[0]);
        Drop later = s_half with { Source = s_half.Source with { FirstColumn = 3 } };
        Assert.AreSequenceEqual(whole[(3 * Size)..], Tensors.Values(Dropout.Locked(ones(Steps, Batch - 3, Size), later)[0]));
    }

    [TestMethod]
    public void Every_use_step_and_pass_has_a_mask_of_its_own()
    {
        using DisposeScope scope = NewDisposeScope();
        DropoutRates rates = new(0.5, 0.5, 0.5, 0.5, 0.5, 0.5) { Source = s_half.Source };
        Drop[] uses =
        [
            .. Enum.GetValues<DropoutSite>().Select(site => rates.At(site)), rates.At(DropoutSite.Hidden, layer: 1),
            (rates with { Source = new(Seed: 2, FirstColumn: 0) }).At(DropoutSite.Weight),
            (rates with { Source = new(Seed: 1, FirstColumn: 4) }).At(DropoutSite.Weight),
        ];
        string[] masks = [.. uses.Select(use => string.Concat(Tensors.Values(Dropout.OfWeight(zeros(1, 64), use))))];
        Assert.HasCount(uses.Length, masks.Distinct());
    }

    [TestMethod]
    public void Rates_belong_to_their_uses()
    {
        var rates = new DropoutRates(Word: 0.1, Input: 0.2, Hidden: 0.3, Output: 0.4, Latent: 0.5, Weight: 0.6);
        Assert.AreSequenceEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], Enum.GetValues<DropoutSite>().Select(site => rates.At(site).Rate));
    }

    [TestMethod]
    public void A_rate_of_zero_changes_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2, 2, 2);
        Assert.AreSame(x, Dropout.Locked(x, s_half with { Rate = 0 }));
    }

    [TestMethod]
    public void Word_dropout_drops_whole_rows_at_all_their_places()
    {
        const int Vocabulary = 40, Size = 5;
        using DisposeScope scope = NewDisposeScope();
        int[] words = Numbers.Ids(new Random(3), 6 * 20, Vocabulary);
        double[] table = [.. Enumerable.Range(0, Vocabulary * Size).Select(i => 1.0 + i)];
        double[] plain = Tensors.Values(Dropout.Embed(Tensors.Singles(table, Vocabulary, Size), Tensors.Ids(words, 6, 20), s_half with { Rate = 0 }));
        double[] dropped = Tensors.Values(Dropout.Embed(Tensors.Singles(table, Vocabulary, Size), Tensors.Ids(words, 6, 20), s_half));
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
        Tensor embedded = Dropout.Embed(table, Tensors.Ids([0, 0, 1, 0], 2, 2), s_half);
        embedded.sum().backward();
        double[] values = Tensors.Values(embedded);
        Assert.AreSequenceEqual(
            [3 * values[0], 3 * values[0], values[4], values[4], 0.0, 0.0], Tensors.Values(table.grad!));
    }
}
