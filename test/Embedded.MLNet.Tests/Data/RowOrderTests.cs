using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

[TestClass]
public class RowOrderTests
{
    private readonly MLContext _context = new(seed: 1);

    // Orders that the official library gives these rows.
    [TestMethod]
    [DataRow(1000, "23,34,4,18,37,16,2,14,1,6,10,28,13,22,26,12,31,32,7,30,35,3,24,29,0,9,36,8,17,25,27,15,39,5,20,19,21,33,11,38")]
    [DataRow(5, "2,5,0,1,8,6,10,4,12,13,3,14,7,11,16,9,19,20,15,21,23,22,18,24,25,29,17,30,26,32,28,34,36,27,35,31,33,37,39,38")]
    public void A_seeded_shuffle_gives_the_order_of_the_official_library(int poolSize, string ids) =>
        Assert.AreEqual(ids, _context.Data.ShuffleRows(Numbers.To(_context, 40), seed: 3, shufflePoolSize: poolSize).IdText());

    [TestMethod]
    public void Shuffling_a_source_that_can_shuffle_itself_gives_the_order_of_the_official_library()
    {
        IDataView cached = _context.Data.Cache(Numbers.To(_context, 40));
        Assert.AreEqual(
            "34,23,8,17,28,16,2,14,11,33,27,25,1,36,21,24,20,4,35,3,13,26,19,6,7,32,39,22,38,9,5,30,12,18,29,37,0,10,31,15",
            _context.Data.ShuffleRows(cached, seed: 9, shufflePoolSize: 3).IdText());
    }

    [TestMethod]
    public void Shuffled_rows_stay_whole()
    {
        IDataView shuffled = _context.Data.ShuffleRows(Numbers.To(_context, 100), shufflePoolSize: 10);
        foreach (Numbers.Row row in _context.Data.CreateEnumerable<Numbers.Row>(shuffled, reuseRowObject: true))
        {
            Assert.AreEqual(row.Id * 0.5f, row.Half);
            Assert.AreEqual($"t{row.Id % 7}", row.Name);
        }
    }

    [TestMethod]
    public void Shuffled_rows_keep_their_identifiers()
    {
        IDataView shuffled = _context.Data.ShuffleRows(Numbers.To(_context, 20));
        using DataViewRowCursor cursor = shuffled.GetRowCursor(shuffled.Schema);
        ValueGetter<int> id = cursor.GetGetter<int>(shuffled.Schema["Id"]);
        ValueGetter<DataViewRowId> rowId = cursor.GetIdGetter();
        while (cursor.MoveNext())
        {
            int number = 0;
            DataViewRowId identifier = default;
            id(ref number);
            rowId(ref identifier);
            Assert.AreEqual((ulong)number, identifier.Low);
        }
    }

    [TestMethod]
    public void A_pool_of_one_keeps_the_order() =>
        Assert.AreEqual("0,1,2,3", _context.Data.ShuffleRows(Numbers.To(_context, 4), shufflePoolSize: 1).IdText());

    [TestMethod]
    public void Taking_and_skipping_rows_cut_the_ends()
    {
        IDataView data = Numbers.To(_context, 10);
        Assert.AreEqual("0,1,2", _context.Data.TakeRows(data, 3).IdText());
        Assert.AreEqual("7,8,9", _context.Data.SkipRows(data, 7).IdText());
        Assert.AreEqual("4,5", _context.Data.TakeRows(_context.Data.SkipRows(data, 4), 2).IdText());
        Assert.IsEmpty(_context.Data.SkipRows(data, 11).Ids());
        Assert.HasCount(10, _context.Data.TakeRows(data, 99).Ids());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.TakeRows(data, 0));
    }

    [TestMethod]
    public void Taking_rows_reads_no_further()
    {
        static IEnumerable<Numbers.Row> Rows()
        {
            yield return new Numbers.Row { Id = 1 };
            throw new InvalidOperationException("read too far");
        }

        Assert.AreEqual("1", _context.Data.TakeRows(_context.Data.LoadFromEnumerable(Rows()), 1).IdText());
    }

    [TestMethod]
    public void Row_counts_of_ends_follow_the_input()
    {
        IDataView data = _context.Data.LoadFromEnumerable(new Numbers.Row[5]);
        Assert.AreEqual(3, _context.Data.TakeRows(data, 3).GetRowCount());
        Assert.AreEqual(2, _context.Data.SkipRows(data, 3).GetRowCount());
        Assert.AreEqual(0, _context.Data.SkipRows(data, 9).GetRowCount());
    }

    [TestMethod]
    public void A_cursor_set_holds_every_row_once()
    {
        IDataView data = _context.Data.Cache(Numbers.To(_context, 10));
        int rows = 0;
        foreach (DataViewRowCursor cursor in data.GetRowCursorSet(data.Schema, 4))
        {
            using (cursor)
            {
                while (cursor.MoveNext())
                    rows++;
            }
        }

        Assert.AreEqual(10, rows);
    }
}
