namespace Embedded.TorchSharp.Tests.Creation;

[TestClass]
public class CreationTests
{
    [TestMethod]
    public void Constants_fill_their_shape()
    {
        Assert.AreEqual(0f, zeros(2, 3).sum().item<float>());
        Assert.AreEqual(6f, ones(2, 3).sum().item<float>());
        Assert.AreEqual(30.0, full([2, 3], 5, float64).sum().item<double>());
        CollectionAssert.AreEqual(new long[] { 4, 2 }, empty(4, 2).shape);
        Assert.AreEqual(ScalarType.Int32, zeros_like(ones(2), int32).dtype);
        Assert.AreEqual(ScalarType.Float64, ones(2, dtype: float64).new_zeros(3).dtype);
        Assert.AreEqual(0L, zeros(0, 5).numel());
    }

    [TestMethod]
    public void Sequences_count_as_the_types_of_their_bounds_say()
    {
        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, arange(3).data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 2, 5, 8 }, arange(2, 9, 3).data<long>().ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 1f }, arange(1.5).data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 0.0, 0.5, 1.0 }, linspace(0, 1, 3, float64).data<double>().ToArray());
    }

    [TestMethod]
    public void Arrays_of_every_rank_keep_their_order()
    {
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f, 4f }, tensor(new[,] { { 1f, 2f }, { 3f, 4f } }).data<float>().ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 2, 3 }, tensor(new int[1, 2, 3]).shape);
        CollectionAssert.AreEqual(new long[] { 3, 2 }, tensor(new long[6], [3, 2]).shape);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, tensor(new List<double> { 1, 2, 3, 4, 5, 6 }, 2, 3).shape);
        Assert.AreEqual(ScalarType.Int32, from_array(new int[2, 2]).dtype);
        Assert.AreEqual(ScalarType.Float32, tensor(new[] { 1.0 }, dtype: float32).dtype);
        Assert.AreEqual(ScalarType.Bool, tensor(new[] { true, false }).dtype);
        Assert.AreEqual(ScalarType.Byte, tensor(new byte[] { 1 }).dtype);
        Assert.IsTrue(tensor(new[] { 1.0 }, requires_grad: true).requires_grad);
    }

    [TestMethod]
    public void A_tensor_is_a_copy_of_its_array()
    {
        float[] array = [1, 2];
        using var t = tensor(array);
        array[0] = 9;
        Assert.AreEqual(1f, t[0].item<float>());
    }

    [TestMethod]
    public void Data_that_does_not_fill_the_shape_is_an_error()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => tensor(new long[5], [2, 3]));
        Assert.AreEqual("5 elements do not fill a tensor of shape [2, 3].", error.Message);
    }

    [TestMethod]
    public void The_default_type_is_what_was_set()
    {
        try
        {
            set_default_dtype(float64);
            Assert.AreEqual(ScalarType.Float64, zeros(1).dtype);
            Assert.AreEqual(ScalarType.Float64, get_default_dtype());
        }
        finally
        {
            set_default_dtype(float32);
        }
        Assert.AreEqual(ScalarType.Float32, zeros(1).dtype);
    }
}
