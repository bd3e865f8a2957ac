using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Encoder;

[TestClass]
public sealed class RecurrentStateTests
{
    [TestMethod]
    public void A_text_starts_with_zeros_of_every_layers_size()
    {
        using LanguageModelNetwork network = Shapes.Network();
        using RecurrentState state = network.InitialState(7);
        Assert.AreSequenceEqual([1L, 7, 5], state.Hidden(0).shape);
        Assert.AreSequenceEqual([1L, 7, 6], state.Cell(1).shape);
        Assert.IsTrue(Tensors.Values(state.Hidden(1)).Concat(Tensors.Values(state.Cell(0))).All(x => x == 0));
    }

    [TestMethod]
    public void Advancing_takes_the_values_cuts_the_graph_and_outlives_the_scope()
    {
        using LanguageModelNetwork network = Shapes.Network();
        using RecurrentState state = network.InitialState(2);
        Tensor[] before = [.. state.Named.Select(tensor => tensor.Value)];
        double[] hidden, cell;
        using (NewDisposeScope())
        {
            RecurrentState next = network.Encode(Tensors.Ids([1, 2, 3, 4], 2, 2), state, DropoutRates.None).Next;
            Assert.IsTrue(next.Hidden(0).requires_grad);
            state.Advance(next);
            (hidden, cell) = (Tensors.Values(next.Hidden(1)), Tensors.Values(next.Cell(1)));
        }

        Assert.IsTrue(before.All(tensor => tensor.IsInvalid), "what the state held before is freed");
        Assert.IsFalse(state.Hidden(0).requires_grad || state.Cell(1).requires_grad);
        Assert.AreSequenceEqual(hidden, Tensors.Values(state.Hidden(1)));
        Assert.AreSequenceEqual(cell, Tensors.Values(state.Cell(1)));
    }

    [TestMethod]
    public void A_walk_over_a_grid_that_is_cancelled_leaves_nothing()
    {
        using LanguageModelNetwork network = Shapes.Network();
        long before = ProcessMemory.Now().Tensors;
        Assert.Throws<OperationCanceledException>(() => Walk(network, passes: 2));
        Assert.AreEqual(before, Tensor.TotalCount);

        static void Walk(LanguageModelNetwork network, int passes)
        {
            using var source = new CancellationTokenSource();
            using IDisposable noGrad = no_grad();
            var grid = new TokenGrid([2, 3, 4, 5, 6, 7], endOfSentence: 1, columns: 1, length: 6, CPU);
            using RecurrentState state = network.InitialState(1);
            network.Read(grid, length: 6, new(1), state, CancelAtLast, cancellation: new(null, source.Token));

            void CancelAtLast(int start, LanguageModelNetwork.Encoding encoding, Tensor targets)
            {
                if (start == passes - 1)
                {
                    source.Cancel();
                }
            }
        }
    }

    [TestMethod]
    public void Selecting_takes_columns_in_the_order_given_and_outlives_the_scope()
    {
        using var state = new RecurrentState(
            [Tensors.Singles([1, 2, 3, 4, 5, 6], 1, 3, 2)], [Tensors.Singles([-1, -2, -3, -4, -5, -6], 1, 3, 2)]);
        RecurrentState selected;
        using (NewDisposeScope())
        {
            selected = state.Select(Tensors.Ids([2, 0, 0, 2], 4));
        }

        using (selected)
        {
            Assert.AreEqual(4, selected.Columns);
            Assert.AreSequenceEqual([5.0, 6, 1, 2, 1, 2, 5, 6], Tensors.Values(selected.Hidden(0)));
            Assert.AreSequenceEqual([-5.0, -6, -1, -2, -1, -2, -5, -6], Tensors.Values(selected.Cell(0)));
        }
    }
}
