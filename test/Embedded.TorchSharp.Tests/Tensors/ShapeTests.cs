namespace Embedded.TorchSharp.Tests.Tensors;

[TestClass]
public class ShapeTests
{
    private readonly Tensor _t = arange(6).reshape(2, 3);

    [TestMethod]
    public void Views_rearrange_without_moving_numbers()
    {
        Expect([0, 3, 1, 4, 2, 5], [3, 2], _t.t());
        Expect([0, 3, 1, 4, 2, 5], [3, 2], _t.transpose(0, 1));
        Expect([0, 3, 1, 4, 2, 5], [3, 2], _t.T);
        Expect([0, 3, 1, 4, 2, 5], [3, 1, 2], _t.unsqueeze(0).permute(2, 0, 1));
        Expect([0, 1, 2, 3, 4, 5], [6], _t.unsqueeze(1).squeeze().flatten());
        Expect([0, 1, 2, 3, 4, 5], [3, 2], _t.view(-1, 2));
        Expect([0, 1, 2, 3, 4, 5], [2, 3, 1], _t.unflatten(1, 3, 1));
        Expect([1, 2, 4, 5], [2, 2], _t.narrow(1, 1, 2));
        Expect([0, 2, 3, 5], [2, 2], _t.slice(1, 0, 3, 2));
        Expect([1, 4], [2], _t.select(1, 1));
        Expect([0, 0, 3, 3], [2, 2], _t[.., ..1].expand(2, 2));
    }

    [TestMethod]
    public void Pieces_come_apart_and_together()
    {
        Tensor[] chunks = _t.chunk(2, 1);
        CollectionAssert.AreEqual(new long[] { 2, 2 }, chunks[0].shape);
        CollectionAssert.AreEqual(new long[] { 2, 1 }, chunks[1].shape);
        Expect([0, 1, 2, 3, 4, 5], [2, 3], cat(chunks, 1));
        Expect([0, 1, 2, 3, 4, 5], [2, 3], cat(_t.split([1, 2], 1), 1));
        Assert.HasCount(2, _t.split(2, 1));
        Expect([0, 3, 1, 4, 2, 5], [3, 2], stack(_t.unbind(), 1));
        Expect([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], [4, 3], vstack([_t, _t]));
    }

    [TestMethod]
    public void Repeats_and_rolls_copy()
    {
        Expect([0, 1, 2, 0, 1, 2], [6], _t[0].repeat(2));
        Expect([0, 0, 1, 1, 2, 2], [6], _t[0].repeat_interleave(2));
        Expect([2, 0, 1], [3], _t[0].roll(1));
        Expect([2, 1, 0], [3], _t[0].flip(0));
    }

    [TestMethod]
    public void Triangles_and_diagonals()
    {
        Expect([0, 0, 0, 3, 4, 0], [2, 3], _t.tril());
        Expect([0, 1, 2, 0, 4, 5], [2, 3], _t.triu());
        Expect([0, 4], [2], _t.diag());
        Expect([1, 0, 0, 1], [2, 2], eye(2, dtype: int64));
    }

    [TestMethod]
    public void Gathering_and_scattering()
    {
        var index = tensor(new long[,] { { 2, 0 }, { 1, 1 } });
        Expect([2, 0, 4, 4], [2, 2], _t.gather(1, index));
        Expect([3, 4, 5, 0, 1, 2], [2, 3], _t.index_select(0, tensor(new long[] { 1, 0 })));
        Expect([2, 0, 1, 0, 7, 0], [2, 3], zeros_like(_t).scatter_add_(1, index, tensor(new long[,] { { 1, 2 }, { 3, 4 } })));
        Expect([3, 5, 7, 3, 4, 5], [2, 3], _t.index_add(0, tensor(new long[] { 0 }), _t[1..], 1));
        Expect([9, 1, 9, 3, 9, 5], [2, 3], _t.masked_fill(_t % 2 == 0, 9));
        Expect([0, 2, 4], [3], _t.masked_select(_t % 2 == 0));
        Expect([1, 1], [1, 2], (_t == 4).nonzero());
    }

    [TestMethod]
    public void Properties_describe_the_tensor()
    {
        Assert.AreEqual(2, _t.ndim);
        Assert.AreEqual(6, _t.numel());
        Assert.AreEqual(3, _t.size(-1));
        CollectionAssert.AreEqual(new long[] { 3, 1 }, _t.stride());
        Assert.IsTrue(_t.is_contiguous());
        Assert.IsFalse(_t.t().is_contiguous());
        Assert.AreEqual(1L, _t[.., 1..].storage_offset());
        Assert.AreEqual(8L, _t.element_size());
        Assert.AreEqual("[2x3], type = Int64, device = cpu", _t.ToString());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _t.size(2));
    }

    private static void Expect(long[] values, long[] shape, Tensor actual)
    {
        CollectionAssert.AreEqual(shape, actual.shape);
        CollectionAssert.AreEqual(values, actual.data<long>().ToArray());
    }
}
