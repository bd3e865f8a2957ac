using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Columns;

/// <summary>Row-by-row columns, by the tokenizer that adds one.</summary>
[TestClass]
public sealed class AddedColumnsViewTests
{
    private const int RowCount = 5;

    private readonly HandMadeView _source = new HandMadeView(RowCount) { CanShuffle = true }
        .Add("Number", NumberDataViewType.Int64, row => row * 10)
        .Add("Text", TextDataViewType.Instance, row => new string('a', (int)row).AsMemory());

    private readonly VocabularyTokenizingTransformer _tokenizer =
        new("Tokens", "Text", new(["<unk>", "<eos>", "a", "aa", "aaa"], "<unk>", "<eos>"));

    private IDataView Tokens => _tokenizer.Transform(_source);

    [TestMethod]
    public void Positions_batches_and_ids_are_the_inputs()
    {
        using DataViewRowCursor cursor = Tokens.GetRowCursor(Tokens.Schema);
        ValueGetter<DataViewRowId> idGetter = cursor.GetIdGetter();
        DataViewRowId id = default;
        Assert.AreEqual(-1, cursor.Position);
        for (int row = 0; row < RowCount; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            idGetter(ref id);
            Assert.AreEqual(row, cursor.Position);
            Assert.AreEqual(0, cursor.Batch);
            Assert.AreEqual(HandMadeView.IdOf(row), id);
        }

        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void Added_columns_follow_the_row_and_others_pass_through()
    {
        using DataViewRowCursor cursor = Tokens.GetRowCursor(Tokens.Schema);
        ValueGetter<VBuffer<uint>> tokensGetter = cursor.GetGetter<VBuffer<uint>>(Tokens.Schema["Tokens"]);
        ValueGetter<long> numberGetter = cursor.GetGetter<long>(Tokens.Schema["Number"]);
        VBuffer<uint> tokens = default;
        long number = 0;
        uint[][] expected = [[], [3], [4], [5], [1]];
        for (int row = 0; cursor.MoveNext(); row++)
        {
            tokensGetter(ref tokens);
            numberGetter(ref number);
            Assert.AreSequenceEqual(expected[row], tokens.DenseValues());
            Assert.AreEqual(row * 10, number);
        }
    }

    [TestMethod]
    public void Only_what_is_needed_is_read()
    {
        using (DataViewRowCursor cursor = Tokens.GetRowCursor([Tokens.Schema["Number"]]))
        {
            Assert.AreSequenceEqual([0], _source.Cursors[^1].Active);
            Assert.IsFalse(cursor.IsColumnActive(cursor.Schema["Tokens"]));
        }

        using (DataViewRowCursor cursor = Tokens.GetRowCursor([Tokens.Schema["Tokens"]]))
        {
            Assert.AreSequenceEqual([1], _source.Cursors[^1].Active);
            Assert.IsTrue(cursor.IsColumnActive(cursor.Schema["Tokens"]));
            Assert.IsFalse(cursor.IsColumnActive(cursor.Schema["Number"]));
        }

        Assert.IsTrue(_source.Cursors.All(cursor => cursor.IsDisposed));
    }

    [TestMethod]
    public void An_inactive_column_and_a_wrong_type_are_errors_that_name_the_column()
    {
        using DataViewRowCursor cursor = Tokens.GetRowCursor([Tokens.Schema["Number"]]);
        Errors.AssertThrows<InvalidOperationException>(
            () => cursor.GetGetter<VBuffer<uint>>(cursor.Schema["Tokens"]), "'Tokens'", "not active");
        using DataViewRowCursor active = Tokens.GetRowCursor([Tokens.Schema["Tokens"]]);
        Errors.AssertThrows<InvalidOperationException>(
            () => active.GetGetter<VBuffer<float>>(active.Schema["Tokens"]), "'Tokens'", nameof(UInt32), nameof(Single));
    }

    [TestMethod]
    public void Cursors_of_a_set_have_all_rows_between_them()
    {
        DataViewRowCursor[] cursors = Tokens.GetRowCursorSet(Tokens.Schema, 2);
        var lengths = new List<int>();
        foreach (DataViewRowCursor cursor in cursors)
        {
            ValueGetter<VBuffer<uint>> getter = cursor.GetGetter<VBuffer<uint>>(cursor.Schema["Tokens"]);
            ValueGetter<ReadOnlyMemory<char>> textGetter = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Text"]);
            VBuffer<uint> tokens = default;
            ReadOnlyMemory<char> text = default;
            while (cursor.MoveNext())
            {
                getter(ref tokens);
                textGetter(ref text);
                Assert.AreEqual(Math.Min(text.Length, 1), tokens.Length);
                lengths.Add(text.Length);
            }

            cursor.Dispose();
        }

        Assert.HasCount(2, cursors);
        Assert.AreSequenceEqual([0, 1, 2, 3, 4], lengths.Order());
        Assert.IsTrue(_source.Cursors.All(cursor => cursor.IsDisposed));
    }

    [TestMethod]
    public void Row_count_and_shuffling_are_the_inputs()
    {
        Assert.AreEqual(RowCount, Tokens.GetRowCount());
        Assert.IsTrue(Tokens.CanShuffle);
        var random = new Random(1);
        using DataViewRowCursor cursor = Tokens.GetRowCursor(Tokens.Schema, random);
        Assert.AreSame(random, _source.Cursors[^1].Random);
    }

    [TestMethod]
    public void The_row_mapper_tells_its_dependencies()
    {
        IRowToRowMapper mapper = _tokenizer.GetRowToRowMapper(_source.Schema);
        Assert.AreSequenceEqual(["Text"], mapper.GetDependencies([mapper.OutputSchema["Tokens"]]).Select(column => column.Name));
        Assert.AreSequenceEqual(["Number"], mapper.GetDependencies([mapper.OutputSchema["Number"]]).Select(column => column.Name));
        Assert.AreSame(_source.Schema, mapper.InputSchema);
        Assert.AreSequenceEqual(["Number", "Text", "Tokens"], mapper.OutputSchema.Select(column => column.Name));
    }
}
