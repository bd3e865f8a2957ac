using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Embedded.MLNet.Tests.Data;

/// <summary>What the official text loader does with the same texts, as observed there.</summary>
[TestClass]
public sealed class TextLoaderTests : IDisposable
{
    private readonly MLContext _context = new();
    private readonly TempFiles _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public void Each_line_is_a_row_but_empty_lines_and_comments()
    {
        string text = "# before the first row\n\n// also\nfirst\n\n# a row now\n// a comment still\n   \nlast\n";
        CollectionAssert.AreEqual(new[] { "first", "# a row now", "", "last" }, Lines(text));
    }

    [TestMethod]
    public void Spaces_before_a_field_go_and_spaces_after_it_stay()
    {
        CollectionAssert.AreEqual(new[] { "no it was n't \t".TrimEnd('\t') }, Lines(" no it was n't \n"));
        CollectionAssert.AreEqual(new[] { "no it was n't" }, Lines(" no it was n't \n", trimWhitespace: true));
    }

    [TestMethod]
    public void A_separating_space_separates_empty_fields_too()
    {
        IDataView data = Load(" a  b\n", new() { Separators = [' '] }, new TextLoader.Column("F", DataKind.String, 0, 3));
        CollectionAssert.AreEqual(new[] { "", "a", "", "b" }, data.GetColumn<string[]>("F").Single());
    }

    [TestMethod]
    public void A_header_is_no_row_of_any_file()
    {
        string first = _files.Write("# comment\nName\na\n", "1.txt");
        string second = _files.Write("Name\nb\n", "2.txt");
        IDataView data = _context.Data.CreateTextLoader<Line>(hasHeader: true).Load(new MultiFileSource(first, second));
        CollectionAssert.AreEqual(new[] { "a", "b" }, data.GetColumn<string>("Text").ToArray());
    }

    [TestMethod]
    public void Members_are_loaded_from_the_fields_they_name()
    {
        string path = _files.Write("a b\t1.5\t-3\t1\t\t3\tyes\t2\t2020-01-02 03:04:05\nx\t?\t7\n");
        Fields[] rows = [.. _context.Data.CreateEnumerable<Fields>(_context.Data.LoadFromTextFile<Fields>(path), false)];
        Assert.AreEqual("a b", rows[0].T);
        Assert.AreEqual(1.5f, rows[0].F);
        Assert.AreEqual(-3, rows[0].I);
        CollectionAssert.AreEqual(new[] { 1f, 0f, 3f }, rows[0].V);
        Assert.IsTrue(rows[0].B);
        Assert.AreEqual(3u, rows[0].K);
        Assert.AreEqual(new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc), rows[0].D);
        CollectionAssert.AreEqual(new[] { "a b", "-3" }, rows[0].S);

        Assert.IsTrue(float.IsNaN(rows[1].F));
        Assert.AreEqual(7, rows[1].I);
        CollectionAssert.AreEqual(new[] { 0f, 0f, 0f }, rows[1].V);
        Assert.IsFalse(rows[1].B);
        Assert.AreEqual(0u, rows[1].K);
        Assert.AreEqual(default, rows[1].D);
    }

    [TestMethod]
    public void Vectors_are_sparse_where_at_most_half_of_the_fields_hold_something()
    {
        IDataView data = Load("1\t\t3\t\n\t\t0\t\n1\t2\t3\t\n", new(), new TextLoader.Column("V", DataKind.Single, 0, 3));
        string[] kinds = [.. data.Preview().ColumnView[0].Values.Select(v => v.ToString()!)];
        CollectionAssert.AreEqual(
            new[]
            {
                "Sparse vector of size 4, 2 explicit values",
                "Sparse vector of size 4, 1 explicit values",
                "Dense vector of size 4",
            },
            kinds);
    }

    [TestMethod]
    public void Quoted_fields_hold_separators_and_doubled_quotes_when_quoting_is_allowed()
    {
        string text = "\"q\"\"x\ty\"\t2\n";
        TextLoader.Column[] columns = [new("A", DataKind.String, 0), new("B", DataKind.String, 1)];
        IDataView quoted = Load(text, new() { AllowQuoting = true }, columns);
        Assert.AreEqual("q\"x\ty", quoted.GetColumn<string>("A").Single());
        Assert.AreEqual("2", quoted.GetColumn<string>("B").Single());
        IDataView plain = Load(text, new(), columns);
        Assert.AreEqual("\"q\"\"x", plain.GetColumn<string>("A").Single());
        Assert.AreEqual("y\"", plain.GetColumn<string>("B").Single());
    }

    [TestMethod]
    public void An_escape_makes_quotes_part_of_a_field_and_is_kept_before_anything_else()
    {
        IDataView data = Load(
            "\"a\\\"b\\\\c\\d\",1\n",
            new() { AllowQuoting = true, EscapeChar = '\\', Separators = [','] },
            new TextLoader.Column("A", DataKind.String, 0));
        Assert.AreEqual("a\"b\\\\c\\d", data.GetColumn<string>("A").Single());
    }

    [TestMethod]
    public void Bad_quoting_gives_an_empty_field_and_a_warning()
    {
        var warnings = new List<string>();
        _context.Log += (_, e) => Add(warnings, e, ChannelMessageKind.Warning);
        TextLoader.Options options = new() { AllowQuoting = true, Separators = [','] };
        IDataView data = Load("\"bad\"q,5\n", options, new TextLoader.Column("A", DataKind.String, 0));
        Assert.AreEqual("", data.GetColumn<string>("A").Single());
        StringAssert.Contains(warnings.Single(), "Illegal quoting");
    }

    [TestMethod]
    public void Quoted_fields_hold_line_breaks_when_asked()
    {
        TextLoader.Options options = new() { AllowQuoting = true, ReadMultilines = true, Separators = [','] };
        TextLoader.Column[] columns = [new("A", DataKind.String, 0), new("N", DataKind.Single, 1)];
        IDataView data = Load("\"a\nb\",1\n\"c\"\"\n\nd\"\"\",2\ne,3\n", options, columns);
        CollectionAssert.AreEqual(new[] { "a\nb", "c\"\n\nd\"", "e" }, data.GetColumn<string>("A").ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, data.GetColumn<float>("N").ToArray());
        var e = Assert.ThrowsExactly<FormatException>(() => Load("\"a\nb,1\n", options, columns).Preview());
        StringAssert.Contains(e.Message, "opened on line 1");
    }

    [TestMethod]
    public void Real_numbers_that_are_none_are_NaN_and_counted_in_a_message()
    {
        var infos = new List<string>();
        _context.Log += (_, e) => Add(infos, e, ChannelMessageKind.Info);
        string text = "1\nx\n2e3\n-.5\n+4\n1,5\n 7 \nInfinity\nna\n?\n";
        IDataView data = Load(text, new(), new TextLoader.Column("F", DataKind.Single, 0));
        CollectionAssert.AreEqual(
            new[] { 1, float.NaN, 2000, -0.5f, 4, float.NaN, 7, float.PositiveInfinity, float.NaN, float.NaN },
            data.GetColumn<float>("F").ToArray());
        CollectionAssert.AreEqual(
            new[]
            {
                "  Bad value at line 2 in column F",
                "  Bad value at line 6 in column F",
                "Processed 10 rows with 2 bad values and 0 format errors",
            },
            infos);
    }

    [TestMethod]
    public void Keys_are_counted_from_0_in_the_text_and_missing_where_they_are_none()
    {
        var column = new TextLoader.Column("K", DataKind.UInt32, [new TextLoader.Range(0)], new KeyCount(4));
        IDataView data = Load("0\n3\n4\n?\nx\n-1\n", new(), column);
        Assert.AreEqual("Key<UInt32, 0-3>", data.Schema["K"].Type.ToString());
        CollectionAssert.AreEqual(new[] { 1u, 4u, 0u, 0u, 0u, 0u }, data.GetColumn<uint>("K").ToArray());
    }

    [TestMethod]
    public void Truth_is_told_in_the_words_the_official_library_knows()
    {
        string[] words = ["1", "T", "true", "yes", "+1", "+", "Y", "0", "F", "FALSE", "no", "-1", "-", "N"];
        IDataView data = Load(string.Join("\n", words), new(), new TextLoader.Column("B", DataKind.Boolean, 0));
        CollectionAssert.AreEqual(words.Select((_, i) => i < 7).ToArray(), data.GetColumn<bool>("B").ToArray());
    }

    [TestMethod]
    [DataRow("1\nx\n", DataKind.Int32, "Could not parse value 'x' as Int32 in line 2 of")]
    [DataRow("256\n", DataKind.Byte, "Could not parse value '256' as Byte in line 1 of")]
    [DataRow("maybe\n", DataKind.Boolean, "Could not parse value 'maybe' as Boolean in line 1 of")]
    public void A_bad_value_of_a_type_without_missing_values_is_an_error(string text, DataKind kind, string message)
    {
        IDataView data = Load(text, new(), new TextLoader.Column("I", kind, 0));
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => data.Preview()).Message, message);
    }

    [TestMethod]
    public void A_comma_can_be_the_decimal_marker()
    {
        TextLoader.Options options = new() { DecimalMarker = ',', Separators = [';'] };
        IDataView data = Load("1,5;2\n", options, new TextLoader.Column("D", DataKind.Double, 0, 1));
        CollectionAssert.AreEqual(new[] { 1.5, 2 }, data.GetColumn<double[]>("D").Single());
    }

    [TestMethod]
    public void Missing_reals_are_NaN_when_asked()
    {
        TextLoader.Options options = new() { MissingRealsAsNaNs = true };
        IDataView data = Load("q\t1\t\nz\n", options, new TextLoader.Column("N", DataKind.Single, 1, 2));
        float[][] rows = [.. data.GetColumn<float[]>("N")];
        CollectionAssert.AreEqual(new[] { 1, float.NaN }, rows[0]);
        CollectionAssert.AreEqual(new[] { float.NaN, float.NaN }, rows[1]);
    }

    [TestMethod]
    public void A_file_without_rows_gives_none()
    {
        Assert.IsEmpty(Lines(""));
        Assert.IsEmpty(Lines("\n\n# only a comment\n"));
    }

    [TestMethod]
    public void A_missing_file_is_named_at_once()
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromTextFile<Line>("no/such/file.txt"));
        StringAssert.Contains(e.Message, "File or directory does not exist at path: no/such/file.txt");
        IDataView data = _context.Data.CreateTextLoader<Line>().Load(new MultiFileSource("no/such/file.txt"));
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => data.Preview()).Message, "no/such/file.txt");
    }

    [TestMethod]
    public void Loading_is_lazy_and_starts_anew_with_every_cursor()
    {
        string path = _files.Write("old\n");
        IDataView data = _context.Data.LoadFromTextFile<Line>(path);
        _files.Write("new\n");
        Assert.AreEqual("new", data.GetColumn<string>("Text").Single());
        File.AppendAllText(path, "more\n");
        Assert.HasCount(2, data.GetColumn<string>("Text").ToArray());
        Assert.IsNull(data.GetRowCount());
    }

    [TestMethod]
    public void Text_of_a_row_stays_valid_when_the_cursor_moves_on()
    {
        ReadOnlyMemory<char>[] texts =
            [.. _context.Data.LoadFromTextFile<Line>(_files.Write("one\ntwo\n")).GetColumn<ReadOnlyMemory<char>>("Text")];
        Assert.AreEqual("one", texts[0].ToString());
    }

    private static void Add(List<string> messages, LoggingEventArgs e, ChannelMessageKind kind)
    {
        if (e.Kind == kind)
            messages.Add(e.RawMessage);
    }

    private string[] Lines(string text, bool trimWhitespace = false) =>
        [.. _context.Data.LoadFromTextFile<Line>(_files.Write(text), trimWhitespace: trimWhitespace).GetColumn<string>("Text")];

    private IDataView Load(string text, TextLoader.Options options, params TextLoader.Column[] columns)
    {
        options.Columns = columns;
        return _context.Data.LoadFromTextFile(_files.Write(text), options);
    }

    private sealed class Line
    {
        [LoadColumn(0)]
        public string? Text { get; set; }
    }

    private sealed class Fields
    {
        [LoadColumn(0)]
        public string? T { get; set; }

        [LoadColumn(1)]
        public float F { get; set; }

        [LoadColumn(2)]
        public int I { get; set; }

        [LoadColumn(3, 5)]
        public float[]? V { get; set; }

        [LoadColumn(6)]
        public bool B { get; set; }

        [LoadColumn(7)]
        [KeyType(4)]
        public uint K { get; set; }

        [LoadColumn(8)]
        [ColumnName("Day")]
        public DateTime D { get; set; }

        [LoadColumn([0, 2])]
        public string[]? S { get; set; }
    }
}
