using TorchSharp.Modules;

namespace Embedded.TorchSharp.Tests.Modules;

[TestClass]
public class LayerTests
{
    [TestMethod]
    public void Linear_multiplies_and_adds()
    {
        using var linear = nn.Linear(2, 1, dtype: float64);
        linear.weight = new Parameter(tensor(new[,] { { 2.0, 3.0 } }));
        linear.bias = new Parameter(tensor(new[] { 4.0 }));
        Assert.AreEqual(2.0 * 5 + 3 * 6 + 4, linear.call(tensor(new[] { 5.0, 6.0 })).item<double>());
        Assert.AreEqual(2, linear.parameters().Count());
        Assert.IsNull(nn.Linear(2, 1, hasBias: false).bias);
    }

    [TestMethod]
    public void New_linear_weights_are_uniform_within_one_over_the_root_of_the_inputs()
    {
        using var linear = nn.Linear(100, 200);
        Assert.IsLessThanOrEqualTo(0.1f, linear.weight.abs().max().item<float>());
        Assert.AreEqual(0.1 / Math.Sqrt(3), linear.weight.std().item<float>(), 0.002);
    }

    [TestMethod]
    public void Embedding_looks_rows_up_and_its_padding_row_stays_zero()
    {
        using var embedding = nn.Embedding(5, 3, padding_idx: 2);
        using var rows = embedding.call(tensor(new long[] { 4, 2 }));
        Assert.IsTrue(rows[0].Equals(embedding.weight![4]));
        Assert.IsTrue(rows[1].Equals(zeros(3)));
        rows.sum().backward();
        CollectionAssert.AreEqual(new[] { 0f, 0f, 0f, 0f, 3f }, embedding.weight.grad!.sum(1).data<float>().ToArray());
    }

    [TestMethod]
    public void An_embedding_from_given_rows_is_frozen_and_a_copy()
    {
        using var table = ones(2, 2);
        using var embedding = nn.Embedding_from_pretrained(table);
        table.zero_();
        Assert.AreEqual(4f, embedding.weight!.sum().item<float>());
        Assert.IsFalse(embedding.weight.requires_grad);
    }

    [TestMethod]
    public void Dropout_keeps_the_mean_while_training_and_is_off_otherwise()
    {
        manual_seed(3);
        using var dropout = nn.Dropout(0.25);
        using var x = ones(20_000);
        using var y = dropout.call(x);
        Assert.AreEqual(1, y.mean().item<float>(), 0.015);
        Assert.AreEqual(0.25, y.eq(0).@float().mean().item<float>(), 0.015);
        dropout.eval();
        Assert.IsTrue(dropout.call(x).Equals(x));
    }

    [TestMethod]
    public void LayerNorm_brings_rows_to_zero_mean_and_unit_variance()
    {
        using var norm = nn.LayerNorm(64, dtype: float64);
        using var y = norm.call(randn(3, 64, float64) * 5 + 2);
        Assert.IsTrue(y.mean([1]).allclose(zeros(3, float64), atol: 1e-6));
        Assert.IsTrue(y.var(1, unbiased: false).allclose(ones(3, float64), rtol: 1e-4));
    }

    [TestMethod]
    public void Modules_in_a_row_hand_on_what_they_compute()
    {
        using var row = nn.Sequential(("first", nn.Linear(3, 4)), ("squash", nn.Tanh()), ("last", nn.Linear(4, 2)));
        var linear = row.children().OfType<Linear>().ToArray();
        using var x = randn(5, 3);
        using var expected = linear[1].call(linear[0].call(x).tanh());
        Assert.IsTrue(row.call(x).Equals(expected));
        CollectionAssert.AreEqual(
            new[] { "first.weight", "first.bias", "last.weight", "last.bias" },
            row.named_parameters().Select(p => p.name).ToArray());
    }

    [TestMethod]
    public void A_list_of_modules_registers_them_by_number()
    {
        using var holder = new Holder();
        CollectionAssert.AreEqual(
            new[] { "layers.0.weight", "layers.1.weight" }, holder.named_parameters().Select(p => p.name).ToArray());
    }

    private sealed class Holder : nn.Module
    {
        private readonly ModuleList<Linear> layers = nn.ModuleList(nn.Linear(1, 1, hasBias: false), nn.Linear(1, 1, hasBias: false));

        internal Holder()
            : base(nameof(Holder)) => RegisterComponents();

        internal int Count => layers.Count;
    }
}
