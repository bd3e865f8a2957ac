using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

[TestClass]
public class CreateEnumerableTests
{
    private readonly MLContext _context = new();

    [TestMethod]
    public void Objects_come_back_as_they_went_but_keys_as_they_are_stored()
    {
        var row = new EnumerableDataViewTests.Everything
        {
            Id = 1,
            Text = "t",
            Words = ["a", "b"],
            K = 2,
            Ks = [3],
            V = [4, 5],
            B = true,
            L = 6,
            M = "m".AsMemory(),
            Vb = new(2, [7, 8]),
        };
        IDataView data = _context.Data.LoadFromEnumerable([row]);
        EnumerableDataViewTests.Everything back =
            _context.Data.CreateEnumerable<EnumerableDataViewTests.Everything>(data, reuseRowObject: false).Single();
        Assert.AreEqual(1, back.Id);
        Assert.AreEqual("t", back.Text);
        CollectionAssert.AreEqual(row.Words, back.Words);
        Assert.AreEqual(3u, back.K);
        CollectionAssert.AreEqual(new uint[] { 3 }, back.Ks);
        CollectionAssert.AreEqual(row.V, back.V);
        Assert.IsTrue(back.B);
        Assert.AreEqual(6UL, back.L);
        Assert.AreEqual("m", back.M.ToString());
        CollectionAssert.AreEqual(new[] { 7, 8 }, back.Vb.DenseValues().ToArray());
    }

    [TestMethod]
    public void One_object_serves_all_rows_only_if_asked()
    {
        IDataView data = Numbers.To(_context, 3);
        Numbers.Row[] separate = [.. _context.Data.CreateEnumerable<Numbers.Row>(data, reuseRowObject: false)];
        Numbers.Row[] reused = [.. _context.Data.CreateEnumerable<Numbers.Row>(data, reuseRowObject: true)];
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, separate.Select(r => r.Id).ToArray());
        Assert.AreSame(reused[0], reused[2]);
    }

    [TestMethod]
    public void A_member_without_a_column_is_an_error_unless_ignored()
    {
        IDataView data = Numbers.To(_context, 1);
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.CreateEnumerable<Other>(data, false));
        StringAssert.Contains(e.Message, "column 'Other'");
        Assert.AreEqual(-1, _context.Data.CreateEnumerable<Other>(data, false, ignoreMissingColumns: true).Single().Value);
    }

    [TestMethod]
    public void A_member_of_another_type_than_its_column_is_an_error_that_names_both()
    {
        var e = Assert.ThrowsExactly<InvalidOperationException>(
            () => _context.Data.CreateEnumerable<Mistyped>(Numbers.To(_context, 1), false));
        StringAssert.Contains(
            e.Message, "Can't bind the IDataView column 'Id' of type 'Int32' to field or property 'Id' of type 'System.String'.");
    }

    [TestMethod]
    public void A_schema_definition_renames_columns()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Other));
        definition["Other"].ColumnName = "Id";
        IEnumerable<Other> rows = _context.Data.CreateEnumerable<Other>(Numbers.To(_context, 3), false, false, definition);
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, rows.Select(o => o.Value).ToArray());
    }

    [TestMethod]
    public void GetColumn_refuses_types_the_column_does_not_have()
    {
        IDataView data = Numbers.To(_context, 1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<float>("Id"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<int[]>("Id"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<int>("Nowhere"));
    }

    [TestMethod]
    public void A_preview_holds_the_first_rows_by_row_and_by_column()
    {
        DataDebuggerPreview preview = Numbers.To(_context, 10).Preview(maxRows: 2);
        Assert.AreEqual("3 columns, 2 rows", preview.ToString());
        Assert.AreEqual(1, preview.RowView[1].Values[0].Value);
        CollectionAssert.AreEqual(new object[] { 0f, 0.5f }, preview.ColumnView[2].Values);
    }

    private sealed class Other
    {
        [ColumnName("Other")]
        public int Value = -1;
    }

    private sealed class Mistyped
    {
        public string? Id { get; set; }
    }
}
