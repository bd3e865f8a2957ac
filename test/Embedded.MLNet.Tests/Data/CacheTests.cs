using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

[TestClass]
public class CacheTests
{
    private readonly MLContext _context = new();
    private int _passes;

    [TestMethod]
    public void Cached_columns_are_read_once_however_often_they_are_used()
    {
        IDataView cached = _context.Data.Cache(_context.Data.LoadFromEnumerable(Rows()));
        Assert.AreEqual(0, _passes);
        Assert.AreEqual("0,1,2", cached.IdText());
        Assert.AreEqual("0,1,2", cached.IdText());
        Assert.AreEqual(1, _passes);
        Assert.AreEqual(3, cached.GetRowCount());
    }

    [TestMethod]
    public void Prefetched_columns_are_read_at_once_and_others_when_needed()
    {
        IDataView cached = _context.Data.Cache(_context.Data.LoadFromEnumerable(Rows()), "Id");
        Assert.AreEqual(1, _passes);
        Assert.AreEqual("0,1,2", cached.IdText());
        Assert.AreEqual(1, _passes);
        Assert.AreEqual("a0", cached.GetColumn<string>("Name").First());
        Assert.AreEqual(2, _passes);
    }

    [TestMethod]
    public void A_column_to_prefetch_must_be_there()
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Data.Cache(_context.Data.LoadFromEnumerable(Rows()), "Nowhere"));
        StringAssert.Contains(e.Message, "Could not find prefetch column 'Nowhere'");
    }

    [TestMethod]
    public void Rows_without_columns_are_counted()
    {
        IDataView cached = _context.Data.Cache(_context.Data.LoadFromEnumerable(Rows()));
        using DataViewRowCursor cursor = cached.GetRowCursor([]);
        int rows = 0;
        while (cursor.MoveNext())
            rows++;
        Assert.AreEqual(3, rows);
    }

    [TestMethod]
    public void Cached_vectors_are_copies()
    {
        float[] buffer = [1, 2];
        IEnumerable<EnumerableDataViewTests.Everything> Rows()
        {
            yield return new() { V = buffer };
            buffer[0] = 9;
            yield return new() { V = buffer };
        }

        float[][] vectors = [.. _context.Data.Cache(_context.Data.LoadFromEnumerable(Rows())).GetColumn<float[]>("V")];
        CollectionAssert.AreEqual(new[] { 1f, 2f }, vectors[0]);
        CollectionAssert.AreEqual(new[] { 9f, 2f }, vectors[1]);
    }

    [TestMethod]
    public void A_cached_view_follows_a_generator()
    {
        IDataView cached = _context.Data.Cache(Numbers.To(_context, 50));
        Assert.IsTrue(cached.CanShuffle);
        var ids = new List<int>();
        using DataViewRowCursor cursor = cached.GetRowCursor(cached.Schema, new Random(1));
        ValueGetter<int> getter = cursor.GetGetter<int>(cached.Schema["Id"]);
        while (cursor.MoveNext())
        {
            int id = 0;
            getter(ref id);
            ids.Add(id);
        }

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 50).ToArray(), ids);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 50).ToArray(), ids);
    }

    [TestMethod]
    public void Data_that_changes_its_row_count_is_refused()
    {
        var rows = new List<Numbers.Row> { new(), new() };
        IDataView cached = _context.Data.Cache(_context.Data.LoadFromEnumerable(rows));
        rows.Add(new());
        var e = Assert.ThrowsExactly<InvalidOperationException>(() => cached.Ids());
        StringAssert.Contains(e.Message, "2 rows at first and 3 now");
    }

    private IEnumerable<Numbers.Row> Rows()
    {
        _passes++;
        for (int i = 0; i < 3; i++)
            yield return new Numbers.Row { Id = i, Name = $"a{i}" };
    }
}
