using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

[TestClass]
public sealed class TextLoaderOptionsTests : IDisposable
{
    private readonly MLContext _context = new();
    private readonly TempFiles _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public void A_range_to_the_end_takes_the_fields_the_sample_has_and_names_its_slots()
    {
        TextLoader.Options options = new() { HasHeader = true, Separators = [','] };
        IDataView data = Load("a,b,c,d\nx,1,2,3\n", options, Column(new TextLoader.Range(1, null)));
        Assert.AreEqual("Vector<Single, 3>", data.Schema["C"].Type.ToString());
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["C"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "b", "c", "d" }, names.DenseValues().Select(n => n.ToString()).ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, data.GetColumn<float[]>("C").Single());
    }

    [TestMethod]
    public void A_variable_range_takes_what_each_line_has()
    {
        IDataView data = Load("1\t2\t3\n4\n5\t6\n", new(), Column(new TextLoader.Range { Min = 1, VariableEnd = true }));
        Assert.AreEqual("Vector<Single>", data.Schema["C"].Type.ToString());
        CollectionAssert.AreEqual(new[] { 2, 0, 1 }, data.GetColumn<float[]>("C").Select(v => v.Length).ToArray());
    }

    [TestMethod]
    public void A_range_of_all_others_takes_the_fields_no_column_has()
    {
        IDataView data = Load(
            "0\t1\t2\t3\t4\t5\n",
            new(),
            Column(new TextLoader.Range { Min = 0, Max = 5, AllOther = true }),
            new TextLoader.Column("Two", DataKind.Single, 1),
            new TextLoader.Column("More", DataKind.Single, 3, 4));
        CollectionAssert.AreEqual(new[] { 0f, 2f, 5f }, data.GetColumn<float[]>("C").Single());
    }

    [TestMethod]
    public void A_forced_vector_has_one_slot()
    {
        IDataView data = Load("7\n", new(), Column(new TextLoader.Range { Min = 0, ForceVector = true }));
        Assert.AreEqual("Vector<Single, 1>", data.Schema["C"].Type.ToString());
    }

    [TestMethod]
    public void Several_separators_all_separate()
    {
        IDataView data = Load("1 2\t3,4\n", new() { Separators = [' ', '\t', ','] }, Column(new TextLoader.Range(0, 3)));
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f, 4f }, data.GetColumn<float[]>("C").Single());
    }

    [TestMethod]
    public void No_more_rows_than_asked_are_read()
    {
        IDataView data = Load("1\n2\nx\n", new() { MaxRows = 2 }, new TextLoader.Column("C", DataKind.Int32, 0));
        CollectionAssert.AreEqual(new[] { 1, 2 }, data.GetColumn<int>("C").ToArray());
    }

    [TestMethod]
    public void A_header_file_names_slots_and_leaves_the_data_its_first_line()
    {
        string header = _files.Write("p\tq\n", "header.txt");
        IDataView data = Load("1\t2\n", new() { HeaderFile = header }, Column(new TextLoader.Range(0, 1)));
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["C"].GetSlotNames(ref names);
        Assert.AreEqual("q", names.GetItemOrDefault(1).ToString());
        Assert.HasCount(1, data.GetColumn<float[]>("C").ToArray());
    }

    [TestMethod]
    [DataRow("1\t2\n3\n", "The size of input lines is not consistent")]
    [DataRow("", "Can't determine the number of source columns without valid data")]
    public void A_range_to_the_end_needs_lines_of_one_size(string text, string message)
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Load(text, new(), Column(new TextLoader.Range(0, null))));
        StringAssert.Contains(e.Message, message);
    }

    [TestMethod]
    public void Options_that_make_no_sense_are_refused()
    {
        TextLoader.Column column = Column(new TextLoader.Range(0));
        AssertRefused("Illegal separator: '1'", new() { Separators = ['1'] }, column);
        AssertRefused("Decimal marker", new() { DecimalMarker = ';' }, column);
        AssertRefused("Quoting must be allowed", new() { DecimalMarker = ',', Separators = [','] }, column);
        AssertRefused("can't be used both", new() { EscapeChar = ',', Separators = [','] }, column);
        AssertRefused("columns must be given", new());
        AssertRefused("overlap", new(), Column(new TextLoader.Range(0, 3), new TextLoader.Range(2)));
        AssertRefused(
            "cannot hold keys", new(), new TextLoader.Column("C", DataKind.Single, [new TextLoader.Range(0)], new KeyCount(3)));
        Assert.ThrowsExactly<NotSupportedException>(() => Load("1\n", new() { AllowSparse = true }, column));
    }

    [TestMethod]
    public void Every_member_of_a_class_to_load_must_say_its_fields()
    {
        string path = _files.Write("1\n");
        var e = Assert.ThrowsExactly<InvalidOperationException>(() => _context.Data.LoadFromTextFile<Unmarked>(path));
        StringAssert.Contains(e.Message, "Field 'Q' is missing the LoadColumnAttribute attribute");
    }

    [TestMethod]
    public void Patterns_match_files_in_the_order_of_their_names()
    {
        _files.Write("", "b.txt");
        _files.Write("", "a.txt");
        _files.Write("", "c.csv");
        _files.Write("", Path.Combine("below", "d.txt"));
        string[] Names(string pattern)
        {
            var source = new MultiFileSource(Path.Combine(_files.Folder, pattern));
            return [.. Enumerable.Range(0, source.Count).Select(i => Path.GetFileName(source.GetPathOrNull(i)))];
        }

        CollectionAssert.AreEqual(new[] { "a.txt", "b.txt" }, Names("*.txt"));
        CollectionAssert.AreEqual(new[] { "a.txt", "b.txt", "d.txt" }, Names(".../*.txt"));
        CollectionAssert.AreEqual(new[] { "c.csv", "a.txt" }, Names($"c.csv+{_files.Folder}/a.txt"));
        Assert.AreEqual(0, new MultiFileSource().Count);
    }

    private static TextLoader.Column Column(params TextLoader.Range[] ranges) => new("C", DataKind.Single, ranges);

    private IDataView Load(string text, TextLoader.Options options, params TextLoader.Column[] columns)
    {
        options.Columns = columns;
        return _context.Data.LoadFromTextFile(_files.Write(text), options);
    }

    private void AssertRefused(string message, TextLoader.Options options, params TextLoader.Column[] columns)
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Load("1\n", options, columns));
        StringAssert.Contains(e.Message, message);
    }

    private sealed class Unmarked
    {
        [LoadColumn(0)]
        public int P = 0;
        public int Q = 0;
    }
}
