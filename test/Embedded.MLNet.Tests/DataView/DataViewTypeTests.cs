using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.DataView;

[TestClass]
public class DataViewTypeTests
{
    [TestMethod]
    public void Types_have_the_names_the_official_library_gives_them()
    {
        Assert.AreEqual("String", TextDataViewType.Instance.ToString());
        Assert.AreEqual("Single", NumberDataViewType.Single.ToString());
        Assert.AreEqual("Key<Byte, 0-2>", new KeyDataViewType(typeof(byte), 3).ToString());
        Assert.AreEqual("Vector<Single>", new VectorDataViewType(NumberDataViewType.Single).ToString());
        Assert.AreEqual("Vector<Single, 3>", new VectorDataViewType(NumberDataViewType.Single, 3).ToString());
        Assert.AreEqual("Vector<String, 3, *>", new VectorDataViewType(TextDataViewType.Instance, 3, 0).ToString());
    }

    [TestMethod]
    public void Vectors_are_equal_when_items_and_dimensions_are()
    {
        var six = new VectorDataViewType(NumberDataViewType.Single, 6);
        Assert.AreEqual(six, new VectorDataViewType(NumberDataViewType.Single, 6));
        Assert.AreEqual(six.GetHashCode(), new VectorDataViewType(NumberDataViewType.Single, 6).GetHashCode());
        Assert.AreNotEqual(six, new VectorDataViewType(NumberDataViewType.Single, 2, 3));
        Assert.AreNotEqual(six, new VectorDataViewType(NumberDataViewType.Double, 6));
    }

    [TestMethod]
    public void A_vector_with_a_dimension_of_zero_has_no_known_size()
    {
        Assert.AreEqual(24, new VectorDataViewType(NumberDataViewType.Single, 2, 3, 4).Size);
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single, 2, 0).IsKnownSize);
        Assert.AreEqual(typeof(VBuffer<float>), new VectorDataViewType(NumberDataViewType.Single).RawType);
    }

    [TestMethod]
    public void Keys_are_unsigned_and_count_what_their_integer_can_hold()
    {
        Assert.AreEqual(255UL, new KeyDataViewType(typeof(byte), 255).Count);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 256));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 5));
    }

    [TestMethod]
    public void Keys_are_equal_when_integer_and_count_are()
    {
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(uint), 5));
        Assert.AreNotEqual(new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(uint), 6));
        Assert.AreNotEqual(new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(ulong), 5));
    }
}
