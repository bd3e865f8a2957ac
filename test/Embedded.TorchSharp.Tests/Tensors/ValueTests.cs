namespace Embedded.TorchSharp.Tests.Tensors;

[TestClass]
public class ValueTests
{
    [TestMethod]
    public void Item_takes_exactly_one_element_of_exactly_the_type()
    {
        Assert.AreEqual(2.5f, tensor(2.5f).item<float>());
        var type = Assert.ThrowsExactly<ArgumentException>(() => tensor(2.5f).item<double>());
        Assert.AreEqual("Double is not the type of the elements, Float32.", type.Message);
        var count = Assert.ThrowsExactly<ArgumentException>(() => zeros(2).item<float>());
        Assert.AreEqual("item is for tensors of one element; this one has 2.", count.Message);
    }

    [TestMethod]
    public void Scalars_convert_between_all_types()
    {
        Assert.AreEqual(3, tensor(3.7).ToInt32());
        Assert.AreEqual(3.0, tensor(3L).ToDouble());
        Assert.IsTrue(tensor(true).ToBoolean());
        Assert.AreEqual(1.5f, (float)tensor(1.5));
        Assert.AreEqual(2L, ((Scalar)2.9).ToInt64());
        Assert.AreEqual(ScalarType.Float32, ((Scalar)1f).Type);
        Assert.AreEqual(1.5, tensor(1.5f, dtype: bfloat16).ToDouble());
    }

    [TestMethod]
    public void An_accessor_reads_and_writes_in_index_order_whatever_the_strides()
    {
        var t = arange(6).reshape(2, 3).t();
        var data = t.data<long>();
        CollectionAssert.AreEqual(new long[] { 0, 3, 1, 4, 2, 5 }, data.ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 3, 1, 4, 2, 5 }, data.ToList());
        Assert.AreEqual(4L, data[1, 1]);
        Assert.AreEqual(4L, data[3]);
        data[2, 0] = 20;
        Assert.AreEqual(20L, t[2, 0].item<long>());
        data.CopyFrom([7, 8], tensorIndex: 4);
        CollectionAssert.AreEqual(new long[] { 0, 3, 1, 4, 7, 8 }, data.ToArray());
        Assert.ThrowsExactly<IndexOutOfRangeException>(() => data[3, 0]);
        Assert.AreEqual(8L, ((long[,])data.ToNDArray())[2, 1]);
    }

    [TestMethod]
    public void Bytes_are_the_memory_itself()
    {
        var t = tensor(new[] { 1f, 2f });
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40 }, t.bytes.ToArray());
        t.bytes = new byte[] { 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40 };
        CollectionAssert.AreEqual(new[] { 3f, 4f }, t.data<float>().ToArray());
        Assert.ThrowsExactly<ArgumentException>(() => t.bytes = new byte[3]);
    }

    [TestMethod]
    public void Types_and_devices_convert()
    {
        var t = tensor(new[] { 1.5, -2.5 });
        Assert.AreEqual(ScalarType.Float32, t.@float().dtype);
        CollectionAssert.AreEqual(new[] { 1L, -2L }, t.@long().data<long>().ToArray());
        Assert.AreEqual(ScalarType.BFloat16, t.to(bfloat16).dtype);
        Assert.AreEqual(ScalarType.Float16, t.half().dtype);
        Assert.AreEqual(DeviceType.CPU, t.cpu().device_type);
        Assert.AreEqual("meta", t.to(META).device.ToString());
    }

    [TestMethod]
    public void Devices_parse_and_print()
    {
        Assert.AreEqual("cuda:1", new Device("cuda:1").ToString());
        Assert.AreEqual(1, device("cuda:1").index);
        Assert.AreEqual("cpu", new Device("cpu").ToString());
        Assert.AreEqual(-1, device("cuda").index);
        var error = Assert.ThrowsExactly<ArgumentException>(() => device("gpu"));
        Assert.AreEqual("'gpu' is no device: write for example cpu, cuda or cuda:1.", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => device("cuda:x"));
    }

    [TestMethod]
    public void A_device_that_is_not_there_is_named()
    {
        if (cuda.is_available()) Assert.Inconclusive("This machine has a GPU.");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => zeros(1, device: CUDA));
        Assert.AreEqual("Torch device type CUDA is not available on this machine.", error.Message);
    }
}
