using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.DataView;

[TestClass]
public class DataViewRowIdTests
{
    // Values of the official library.
    [TestMethod]
    public void Derived_identifiers_are_those_of_the_official_library()
    {
        var zero = new DataViewRowId(0, 0);
        Assert.AreEqual("00000000000000000000000000000000", zero.ToString());
        Assert.AreEqual("00000001d699de820000000052dce729", zero.Next().ToString());
        Assert.AreEqual("00000001d699de8234e09d0b39021911", zero.Fork().ToString());
        Assert.AreEqual("cd668167e9305a5bec43c51e7d8fcd25", zero.Combine(zero.Next()).ToString());
        Assert.AreEqual("b23e775d35dd7e723d6845cd4a4f9d03", zero.Next().Combine(zero.Fork()).ToString());
    }

    [TestMethod]
    public void Identifiers_are_ordered_by_their_high_bits_first()
    {
        var small = new DataViewRowId(9, 1);
        var large = new DataViewRowId(0, 2);
        Assert.IsLessThan(0, small.CompareTo(large));
        Assert.AreEqual(0, small.CompareTo(new DataViewRowId(9, 1)));
        Assert.AreEqual(small, new DataViewRowId(9, 1));
        Assert.AreNotEqual(small, large);
    }

    [TestMethod]
    public void A_thousand_successors_and_forks_are_all_different()
    {
        var seen = new HashSet<DataViewRowId>();
        var id = new DataViewRowId(1, 0);
        for (int i = 0; i < 1000; i++, id = id.Next())
        {
            Assert.IsTrue(seen.Add(id));
            Assert.IsTrue(seen.Add(id.Fork()));
        }
    }
}
