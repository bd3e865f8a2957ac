using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Transforms;

/// <summary>What all row-to-row transforms share.</summary>
[TestClass]
public class MappingTests
{
    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(
        Enumerable.Range(0, 100).Select(i => new { Text = $"w{i % 10} x", Other = $"{i}" }));

    private static readonly ITransformer Model = Context.Transforms.Text.TokenizeIntoWords("Words", "Text")
        .Append(Context.Transforms.Conversion.MapValueToKey("Keys", "Words")).Fit(Data);

    [TestMethod]
    public void Only_the_columns_that_are_needed_are_read()
    {
        IDataView view = Model.Transform(Data);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Keys"]]);
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Keys"]));
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Text"]), "The words come from it.");
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Other"]));
        IRowToRowMapper mapper = Model.GetRowToRowMapper(Data.Schema);
        CollectionAssert.AreEqual(
            new[] { "Text" }, mapper.GetDependencies([mapper.OutputSchema["Keys"]]).Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(
            new[] { "Other" }, mapper.GetDependencies([mapper.OutputSchema["Other"]]).Select(c => c.Name).ToArray());
    }

    [TestMethod]
    public void A_getter_has_the_type_of_an_active_column()
    {
        IDataView view = Model.Transform(Data);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Words"]]);
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<uint>(view.Schema["Words"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<VBuffer<uint>>(view.Schema["Keys"]));
    }

    [TestMethod]
    public void Rows_keep_their_positions_identifiers_and_count()
    {
        IDataView view = Model.Transform(Data);
        Assert.AreEqual(Data.GetRowCount(), view.GetRowCount());
        using DataViewRowCursor source = Data.GetRowCursor(Data.Schema);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<DataViewRowId> sourceId = source.GetIdGetter();
        ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
        Assert.AreEqual(-1, cursor.Position);
        for (int i = 0; source.MoveNext(); i++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(i, cursor.Position);
            DataViewRowId expected = default, actual = default;
            sourceId(ref expected);
            id(ref actual);
            Assert.AreEqual(expected, actual);
        }

        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void A_set_of_cursors_sees_every_row_once()
    {
        IDataView view = Model.Transform(Data);
        DataViewRowCursor[] cursors = view.GetRowCursorSet([view.Schema["Other"], view.Schema["Keys"]], 3);
        var seen = new List<string>();
        foreach (DataViewRowCursor cursor in cursors)
        {
            using (cursor)
            {
                ValueGetter<ReadOnlyMemory<char>> getOther = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Other"]);
                ReadOnlyMemory<char> other = default;
                while (cursor.MoveNext())
                {
                    getOther(ref other);
                    seen.Add(other.ToString());
                }
            }
        }

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).Select(i => $"{i}").ToArray(), seen);
    }

    [TestMethod]
    public void A_prediction_engine_maps_one_row_at_a_time()
    {
        using PredictionEngine<Input, Output> engine = Context.Model.CreatePredictionEngine<Input, Output>(
            Context.Transforms.Text.TokenizeIntoWords("Words", "Text").Fit(Data));
        CollectionAssert.AreEqual(new[] { "a", "b" }, engine.Predict(new Input { Text = "a b" }).Words);
        CollectionAssert.AreEqual(new[] { "c" }, engine.Predict(new Input { Text = " c " }).Words);
    }

    [TestMethod]
    public void Many_threads_can_read_one_view()
    {
        IDataView view = Model.Transform(Data);
        string expected = ViewText.Describe(view);
        string[] described = new string[8];
        Parallel.For(0, described.Length, i => described[i] = ViewText.Describe(view));
        foreach (string text in described)
            Assert.AreEqual(expected, text);
    }

    private sealed class Input
    {
        public string Text { get; set; } = "";

        public string Other { get; set; } = "";
    }

    private sealed class Output
    {
        public string[] Words { get; set; } = [];
    }
}
