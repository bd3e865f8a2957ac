using static TorchSharp.torch.TensorIndex;

namespace Embedded.TorchSharp.Tests.Tensors;

/// <summary>On 0 ... 23 of shape [2, 3, 4] the element at (i, j, k) is 12 i + 4 j + k.</summary>
[TestClass]
public class IndexingTests
{
    private readonly Tensor _t = arange(24).reshape(2, 3, 4);

    [TestMethod]
    public void Places_pick_and_negative_ones_count_from_the_end()
    {
        Assert.AreEqual(23L, _t[1, 2, 3].item<long>());
        Assert.AreEqual(23L, _t[-1, -1, -1].item<long>());
        Expect([12, 13, 14, 15], [4], _t[1, 0]);
    }

    [TestMethod]
    public void Ranges_steps_and_ellipsis_slice()
    {
        Expect([5, 6, 9, 10], [2, 2], _t[0, 1.., 1..3]);
        Expect([3, 7, 11], [3], _t[0, .., ^1]);
        Expect([0, 2, 4, 6, 8, 10], [3, 2], _t[0, Slice(), Slice(0, null, 2)]);
        Expect([2, 6, 10, 14, 18, 22], [2, 3], _t[Ellipsis, 2]);
        Expect([20, 21, 22, 23], [1, 1, 4], _t[Single(1), None, 2..]);
    }

    [TestMethod]
    public void Tensors_of_places_gather()
    {
        var rows = tensor(new long[] { 2, 0 });
        Expect([8, 9, 10, 11, 0, 1, 2, 3], [2, 4], _t[0][rows]);
        Expect([11, 2], [2], _t[Single(0), TensorIndex.Tensor(rows), TensorIndex.Tensor(tensor(new long[] { 3, 2 }))]);
        Expect([10, 2, 22, 14], [2, 2], _t[Colon, TensorIndex.Tensor(rows), Single(2)]);
    }

    [TestMethod]
    public void A_mask_gathers_where_it_is_true()
    {
        Expect([20, 21, 22, 23], [4], _t[_t.gt(19)]);
        Expect([3, 15], [2, 1], _t[Colon, Single(0), TensorIndex.Tensor(tensor(new[] { false, false, false, true }))]);
    }

    [TestMethod]
    public void A_slice_is_a_view()
    {
        _t[0, 0].fill_(-1);
        Expect([-1, -1, -1, -1], [4], _t[0, 0]);
    }

    [TestMethod]
    public void Assignment_writes_through_places_ranges_tensors_and_masks()
    {
        _t[0, 1] = tensor(new long[] { 9, 9, 9, 9 });
        _t[1, 1.., 0] = 7L;
        _t[1, 0][tensor(new long[] { 1, 3 })] = tensor(new long[] { 70, 71 });
        Expect([0, 1, 2, 3, 9, 9, 9, 9, 8, 9, 10, 11, 12, 70, 14, 71, 7, 17, 18, 19, 7, 21, 22, 23], [2, 3, 4], _t);
        _t[_t.gt(8)] = 0L;
        Assert.AreEqual(8L, _t.max().item<long>());
    }

    [TestMethod]
    public void Assignment_converts_to_the_type_of_the_tensor()
    {
        _t[tensor(new long[] { 0 })] = tensor(2.0f);
        Assert.AreEqual(24L, _t[0].sum().item<long>());
    }

    [TestMethod]
    public void Too_many_indices_are_counted()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _t[0, 0, 0, 0]);
        Assert.AreEqual("4 indices for a tensor of 3 dimensions.", error.Message);
    }

    private static void Expect(long[] values, long[] shape, Tensor actual)
    {
        CollectionAssert.AreEqual(shape, actual.shape);
        CollectionAssert.AreEqual(values, actual.data<long>().ToArray());
    }
}
