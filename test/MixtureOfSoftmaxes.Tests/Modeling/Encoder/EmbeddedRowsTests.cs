using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Encoder;

[TestClass]
public sealed class EmbeddedRowsTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Rows_and_their_gradients_are_those_of_the_plain_operator_words_repeated_and_gradients_added(bool hasGradient)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] values = [.. Enumerable.Range(0, 15).Select(i => (double)i)];
        Tensor words = tensor([4L, 0, 4, 2, 4]), upstream = tensor([.. Enumerable.Range(1, 15).Select(i => 0.5f * i)], [5, 3]);
        var plain = new Parameter(tensor(values, [5, 3]).@float());
        var ours = new Parameter(tensor(values, [5, 3]).@float());
        if (hasGradient)
        {
            plain.grad = ones(5, 3);
            ours.grad = ones(5, 3);
        }

        Tensor expected = plain.index_select(0, words), rows = EmbeddedRows.Of(ours, words);
        Assert.AreSequenceEqual(Tensors.Values(expected), Tensors.Values(rows));
        (expected * upstream).sum().backward();
        (rows * upstream).sum().backward();
        Assert.AreSequenceEqual(Tensors.Values(plain.grad!), Tensors.Values(ours.grad!));
    }

    [TestMethod]
    public void Without_a_graph_there_is_none()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Assert.IsFalse(EmbeddedRows.Of(new Parameter(ones(3, 2)), tensor([1L])).requires_grad);
    }
}
