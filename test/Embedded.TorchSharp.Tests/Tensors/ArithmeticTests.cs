namespace Embedded.TorchSharp.Tests.Tensors;

[TestClass]
public class ArithmeticTests
{
    private readonly Tensor _a = tensor(new[] { 1.0, 2.0, 4.0 });
    private readonly Tensor _b = tensor(new[] { 8.0, -2.0, 0.5 });

    [TestMethod]
    public void The_operators_compute_elementwise()
    {
        Expect([9, 0, 4.5], _a + _b);
        Expect([-7, 4, 3.5], _a - _b);
        Expect([8, -4, 2], _a * _b);
        Expect([0.125, -1, 8], _a / _b);
        Expect([-1, -2, -4], -_a);
    }

    [TestMethod]
    public void Numbers_stand_on_either_side()
    {
        Expect([3, 4, 6], _a + 2);
        Expect([3, 4, 6], 2 + _a);
        Expect([-1, 0, 2], _a - 2.0);
        Expect([1, 0, -2], 2.0 - _a);
        Expect([0.5, 1, 2], _a * 0.5f);
        Expect([0.5, 1, 2], _a / 2L);
        Expect([4, 2, 1], 4 / _a);
        Expect([1, 2, 1], _a % 3);
    }

    [TestMethod]
    public void Comparisons_give_truth_values()
    {
        Expect([false, true, true], _a > _b);
        Expect([true, false, false], _a <= 1);
        Expect([false, true, false], _a == 2);
        Expect([true, false, true], _a != 2);
        Expect([true, true, false], (_a < 3) | (_b > 100));
        Expect([false, true, true], ~(_a == 1));
    }

    [TestMethod]
    public void In_place_operators_change_and_return_the_tensor_itself()
    {
        var x = _a.clone();
        Assert.AreSame(x, x.add_(1).mul_(2).sub_(1).div_(3));
        Expect([1, 5 / 3.0, 3], x);
        Expect([1, 25 / 9.0, 9], x.pow_(2));
        Expect([0, 0, 0], x.zero_());
        Expect([5, 5, 5], x.fill_(5));
        Expect([1, 2, 4], x.copy_(_a));
        Expect([1, 2, 3], x.clamp_(max: 3));
    }

    [TestMethod]
    public void Alpha_scales_what_is_added()
    {
        Expect([17, -2, 5], _a.add(_b, 2));
        Expect([-15, 6, 3], _a.clone().add_(_b, -2));
    }

    [TestMethod]
    public void Whole_numbers_divide_as_told()
    {
        var x = tensor(new long[] { 7, -7 });
        Expect([3.5, -3.5], x / 2);
        Expect([3, -4], x.div(2, RoundingMode.floor));
        Expect([3, -3], x.div(2, RoundingMode.trunc));
    }

    [TestMethod]
    public void Choosing_takes_from_both_sides()
    {
        Expect([1, -2, 0.5], where(_a < _b, _a, _b));
        Expect([8, 2, 4], _a.maximum(_b));
        Expect([1, -2, 0.5], minimum(_a, _b));
        Expect([2, 2, 3], _a.clamp(2, 3));
    }

    [TestMethod]
    public void Equality_comes_in_three_kinds()
    {
        Expect([true, true, true], _a.equal(_a.clone()));
        Assert.IsTrue(_a.Equals(_a.clone()));
        Assert.IsFalse(_a.Equals(_b));
        Assert.IsTrue(_a.allclose(_a + 1e-9));
        Assert.IsFalse(_a.allclose(_a + 1e-3));
    }

    [TestMethod]
    public void Not_numbers_and_infinities_are_told_apart()
    {
        var x = tensor(new[] { 1, double.NaN, double.PositiveInfinity });
        Expect([false, true, false], x.isnan());
        Expect([false, false, true], x.isinf());
        Expect([true, false, false], x.isfinite());
        Expect([1, 0, 9], x.nan_to_num(posinf: 9));
    }

    private static void Expect(double[] expected, Tensor actual)
    {
        var elements = actual.@double().data<double>().ToArray();
        Assert.HasCount(expected.Length, elements);
        foreach (var (wanted, element) in expected.Zip(elements)) Assert.AreEqual(wanted, element, 1e-12);
    }

    private static void Expect(bool[] expected, Tensor actual) =>
        CollectionAssert.AreEqual(expected, actual.data<bool>().ToArray());
}
