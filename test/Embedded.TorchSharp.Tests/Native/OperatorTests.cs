using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace Embedded.TorchSharp.Tests.Native;

[TestClass]
public class OperatorTests
{
    [TestMethod]
    public void An_unknown_operator_is_named_with_the_version_that_lacks_it()
    {
        var error = Assert.ThrowsExactly<ExternalException>(() => new Op("no_such_operator.Tensor").Call());
        Assert.AreEqual($"libtorch {__version__} has no operator aten::no_such_operator.Tensor", error.Message);
    }

    [TestMethod]
    public void An_argument_of_the_wrong_type_is_named_with_the_schema()
    {
        using var x = ones(2);
        var error = Assert.ThrowsExactly<ExternalException>(() => new Op("sum.dim_IntList").Call(x, "one"));
        StringAssert.StartsWith(
            error.Message, "argument 'dim' is a string, not int[]?; the schema is aten::sum.dim_IntList(Tensor self");
    }

    [TestMethod]
    public void A_missing_argument_is_named()
    {
        using var x = ones(2);
        var error = Assert.ThrowsExactly<ExternalException>(() => new Op("index_select").Call(x, 0));
        StringAssert.StartsWith(error.Message, "argument 'index' is missing; the schema is aten::index_select(");
    }

    [TestMethod]
    public void Too_many_arguments_are_counted()
    {
        using var x = ones(2);
        var error = Assert.ThrowsExactly<ExternalException>(() => new Op("neg").Call(x, 1, 2));
        StringAssert.StartsWith(error.Message, "3 arguments were given; the schema is aten::neg(Tensor self)");
    }

    [TestMethod]
    public void A_wrong_number_of_results_is_an_error()
    {
        using var x = ones(2);
        var error = Assert.ThrowsExactly<ExternalException>(() => new Op("neg").Call2(x));
        StringAssert.Contains(error.Message, "returns 1 values, not 2");
    }

    [TestMethod]
    public void Shapes_that_do_not_fit_are_told_by_libtorch_in_one_line()
    {
        using var x = ones(2, 3);
        var error = Assert.ThrowsExactly<ExternalException>(() => x.mm(x));
        Assert.AreEqual("aten::mm: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", error.Message);
    }

    [TestMethod]
    public void Arguments_left_out_take_the_defaults_of_the_schema()
    {
        using var x = tensor(new[] { 1.0, 2.0 });
        using var sum = new Op("add.Tensor").Call(x, x);
        using var first = new Op("add.Tensor").Call(x, x, Arg.Default);
        Assert.IsTrue(sum.Equals(tensor(new[] { 2.0, 4.0 })));
        Assert.IsTrue(first.Equals(sum));
    }

    [TestMethod]
    public void A_whole_number_serves_where_the_schema_wants_a_float()
    {
        using var x = zeros(3).uniform_(2, 3);
        using var same = new Op("dropout").Call(x, 0, true);
        Assert.IsTrue(same.Equals(x));
    }

    [TestMethod]
    public void Lists_longer_than_the_inline_buffer_arrive_whole()
    {
        Tensor[] parts = [.. Enumerable.Range(0, 100).Select(i => tensor(new[] { (long)i }))];
        using var joined = cat(parts);
        CollectionAssert.AreEqual(Enumerable.Range(0, 100).Select(i => (long)i).ToArray(), joined.data<long>().ToArray());
    }

    [TestMethod]
    public void A_thread_that_failed_goes_on_working()
    {
        using var x = ones(2, 3);
        for (int i = 0; i < 100; i++)
        {
            Assert.ThrowsExactly<ExternalException>(() => x.view(5));
            using var sum = x.sum();
            Assert.AreEqual(6f, sum.item<float>());
        }
    }

    [TestMethod]
    public void Operators_run_on_many_threads_at_once()
    {
        var sums = new double[8];
        Parallel.For(0, sums.Length, i =>
        {
            for (int k = 0; k < 500; k++)
            {
                using var scope = NewDisposeScope();
                sums[i] += (full(10, (double)i, dtype: float64) * 2).sum().item<double>();
            }
        });
        CollectionAssert.AreEqual(Enumerable.Range(0, 8).Select(i => 500 * 20.0 * i).ToArray(), sums);
    }
}
