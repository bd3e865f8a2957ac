using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.DataView;

[TestClass]
public class VBufferTests
{
    // 0 1 0 0 2 0
    private static VBuffer<float> Sparse => new(6, 2, [1f, 2f], [1, 4]);

    [TestMethod]
    public void A_sparse_vector_has_default_values_between_its_explicit_ones()
    {
        VBuffer<float> sparse = Sparse;
        Assert.IsFalse(sparse.IsDense);
        CollectionAssert.AreEqual(new[] { 0f, 1f, 0f, 0f, 2f, 0f }, sparse.DenseValues().ToArray());
        Assert.AreEqual(2f, sparse.GetItemOrDefault(4));
        Assert.AreEqual(0f, sparse.GetItemOrDefault(3));
        CollectionAssert.AreEqual(new[] { 1, 4 }, sparse.Items().Select(item => item.Key).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4, 5 }, sparse.Items(all: true).Select(item => item.Key).ToArray());
    }

    [TestMethod]
    public void A_range_of_a_sparse_vector_is_sparse_with_shifted_indices()
    {
        VBuffer<float> range = default;
        Sparse.CopyTo(ref range, 1, 4);
        Assert.AreEqual("Sparse vector of size 4, 2 explicit values", range.ToString());
        CollectionAssert.AreEqual(new[] { 0, 3 }, range.GetIndices().ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 2f }, range.GetValues().ToArray());
    }

    [TestMethod]
    public void A_range_of_explicit_values_only_is_dense()
    {
        VBuffer<float> range = default;
        Sparse.CopyTo(ref range, 4, 1);
        Assert.IsTrue(range.IsDense);
        Assert.AreEqual(0, range.GetIndices().Length);
        Assert.AreEqual(2f, range.GetItemOrDefault(0));
    }

    [TestMethod]
    public void Copying_to_a_span_fills_implicit_values_with_the_given_default()
    {
        var target = new float[8];
        Sparse.CopyTo(target, 1, 9f);
        CollectionAssert.AreEqual(new[] { 0f, 9f, 1f, 9f, 9f, 2f, 9f, 0f }, target);
    }

    [TestMethod]
    public void Copying_reuses_the_arrays_of_the_destination()
    {
        var dense = new VBuffer<int>(3, [1, 2, 3]);
        int[] array = new int[5];
        var destination = new VBuffer<int>(5, array);
        dense.CopyTo(ref destination);
        Assert.AreEqual(3, destination.Length);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 0, 0 }, array);
    }

    [TestMethod]
    public void Densifying_an_editor_of_a_copy_leaves_the_original_alone()
    {
        VBuffer<float> original = Sparse;
        VBuffer<float> dense = default;
        original.CopyToDense(ref dense);
        VBufferEditor<float> editor = VBufferEditor.CreateFromBuffer(ref dense);
        editor.Values.Fill(7f);
        dense = editor.Commit();
        Assert.AreEqual(7f, dense.GetItemOrDefault(0));
        Assert.AreEqual(0f, original.GetItemOrDefault(0));
    }

    [TestMethod]
    public void An_editor_keeps_old_values_when_it_grows_on_request()
    {
        var buffer = new VBuffer<int>(2, [5, 6]);
        VBufferEditor<int> editor = VBufferEditor.Create(ref buffer, 3, keepOldOnResize: true);
        Assert.IsTrue(editor.CreatedNewValues);
        CollectionAssert.AreEqual(new[] { 5, 6, 0 }, editor.Values.ToArray());
    }

    [TestMethod]
    public void Committing_fewer_values_than_the_length_makes_a_sparse_vector()
    {
        VBuffer<int> buffer = default;
        VBufferEditor<int> editor = VBufferEditor.Create(ref buffer, 4, valuesCount: 3);
        editor.Values[0] = 8;
        editor.Indices[0] = 2;
        buffer = editor.CommitTruncated(1);
        CollectionAssert.AreEqual(new[] { 0, 0, 8, 0 }, buffer.DenseValues().ToArray());
    }

    [TestMethod]
    public void Lengths_that_the_arrays_do_not_have_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, [1, 2]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, 2, [1, 2], [0]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, 4, [1, 2, 3, 4], [0, 1, 2, 3]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(6));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.CopyTo(new float[6], 1));
    }
}
