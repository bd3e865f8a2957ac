using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace Embedded.TorchSharp.Tests.Autograd;

[TestClass]
public class GradientTests
{
    [TestMethod]
    public void Backward_gathers_gradients_in_the_leaves()
    {
        var x = tensor(new[] { 1.0, 2.0 }, requires_grad: true);
        (x * x * x).sum().backward();
        CollectionAssert.AreEqual(new[] { 3.0, 12.0 }, x.grad!.data<double>().ToArray());
        (2 * x).sum().backward();
        CollectionAssert.AreEqual(new[] { 5.0, 14.0 }, x.grad!.data<double>().ToArray());
        x.grad = null;
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void Backward_takes_given_gradients()
    {
        var x = tensor(new[] { 1.0, 2.0 }, requires_grad: true);
        autograd.backward([x * 2, x * 3], [tensor(new[] { 1.0, 10.0 }), tensor(new[] { 100.0, 1000.0 })]);
        CollectionAssert.AreEqual(new[] { 302.0, 3020.0 }, x.grad!.data<double>().ToArray());
    }

    [TestMethod]
    public void Grad_gives_gradients_and_touches_none()
    {
        var x = tensor(3.0, requires_grad: true);
        var y = x * x;
        var first = autograd.grad([y], [x], create_graph: true)[0];
        Assert.AreEqual(6.0, first.item<double>());
        Assert.AreEqual(2.0, autograd.grad([first], [x])[0].item<double>());
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void An_input_that_nothing_depends_on_has_no_gradient()
    {
        var x = tensor(3.0, requires_grad: true);
        var other = tensor(1.0, requires_grad: true);
        Assert.IsNull(autograd.grad([x * 2], [other], allow_unused: true)[0]);
        Assert.ThrowsExactly<ExternalException>(() => autograd.grad([x * 2], [other]));
    }

    [TestMethod]
    public void Differentiating_what_was_not_recorded_is_an_exception()
    {
        var x = tensor(3.0);
        var error = Assert.ThrowsExactly<ExternalException>(() => autograd.grad([x * 2], [x]));
        StringAssert.Contains(error.Message, "does not require grad");
        Assert.ThrowsExactly<ExternalException>(x.backward);
    }

    [TestMethod]
    public void A_second_backward_through_a_freed_graph_is_an_exception()
    {
        var x = tensor(3.0, requires_grad: true);
        var y = x.exp();
        y.backward();
        var error = Assert.ThrowsExactly<ExternalException>(y.backward);
        StringAssert.Contains(error.Message, "Trying to backward through the graph a second time");
    }

    [TestMethod]
    public void A_gradient_of_another_shape_is_refused()
    {
        var x = zeros(2, requires_grad: true);
        var error = Assert.ThrowsExactly<ExternalException>(() => x.grad = zeros(3));
        Assert.AreEqual("a gradient of shape [3] does not fit a tensor of shape [2]", error.Message);
    }

    [TestMethod]
    public void Changing_a_leaf_in_place_is_an_exception_unless_nothing_is_recorded()
    {
        var x = zeros(2, requires_grad: true);
        Assert.ThrowsExactly<ExternalException>(() => x.add_(1));
        using (no_grad()) x.add_(1);
        Assert.AreEqual(2f, x.sum().item<float>());
    }

    [TestMethod]
    public void Modes_nest_and_come_back()
    {
        Assert.IsTrue(is_grad_enabled());
        using (no_grad())
        {
            Assert.IsFalse(is_grad_enabled());
            using (enable_grad()) Assert.IsTrue(is_grad_enabled());
            Assert.IsFalse(is_grad_enabled());
        }
        using (set_grad_enabled(false)) Assert.IsFalse(is_grad_enabled());
        using (inference_mode()) Assert.IsTrue(is_inference_mode_enabled());
        Assert.IsTrue(is_grad_enabled());
        Assert.IsFalse(is_inference_mode_enabled());
    }

    [TestMethod]
    public void A_leaf_and_what_comes_from_it_are_told_apart()
    {
        var x = zeros(2, requires_grad: true);
        var y = x * 2;
        Assert.IsTrue(x.is_leaf);
        Assert.IsFalse(y.is_leaf);
        Assert.IsTrue(y.detach().is_leaf);
        y.retain_grad();
        y.sum().backward();
        Assert.AreEqual(2f, y.grad!.sum().item<float>());
        Assert.ThrowsExactly<ExternalException>(() => y.requires_grad = false);
    }

    // One table is input embedding and output layer, as in a language model with tied weights.
    [TestMethod]
    public void The_gradient_of_a_tied_table_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var table = new Parameter(randn(6, 3, float64));
        var ids = tensor(new long[] { 1, 4, 1, 0 });
        var target = tensor(new long[] { 4, 1, 0, 5 });
        Tensor Loss() => nn.functional.cross_entropy(nn.functional.linear(table.index_select(0, ids).tanh(), table), target);

        Loss().backward();
        var gradient = table.grad!;
        using var mode = no_grad();
        foreach (var (row, column) in new[] { (1, 0), (4, 2), (5, 1), (2, 2), (0, 0) })
        {
            const double h = 1e-6;
            double Shifted(double by)
            {
                table[row, column] += by;
                double loss = Loss().item<double>();
                table[row, column] -= by;
                return loss;
            }
            Assert.AreEqual((Shifted(h) - Shifted(-h)) / (2 * h), gradient[row, column].item<double>(), 1e-8, $"({row}, {column})");
        }
    }
}
