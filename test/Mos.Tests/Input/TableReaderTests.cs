using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Mos.Input.Tables;
using Mos.Tests.Support;

namespace Mos.Tests.Input;

[TestClass]
public sealed class TableReaderTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void Csv_has_separators_marks_and_ends_of_lines_in_quoted_fields() => AssertRows(
        TableFormat.Csv,
        "id,text\r\n1,\"a, b\"\n2,\"she said \"\"no\"\"\"\n3,\"one\r\ntwo\"\n4,5\" disk\n// 5, plain \n6,\n\n7,\"\"",
        "1|a, b", "2|she said \"no\"", "3|one\r\ntwo", "4|5\" disk", "// 5| plain ", "6|", "7|");

    [TestMethod]
    public void Tsv_has_its_tabs_and_ends_of_lines_escaped_and_marks_are_characters() => AssertRows(
        TableFormat.Tsv, "id\ttext\n1\ta\\tb\\nc\\rd\\\\t\n2\t\"x\n3\t\\alpha\n\n4\t", "1|a\tb\nc\rd\\t", "2|\"x", "3|\\alpha", "4|");

    [TestMethod]
    public void An_empty_line_is_a_row_where_there_is_one_column()
    {
        AssertRows(TableFormat.Csv, "text\na\n\n\"\"\n", "a", "", "");
        AssertRows(TableFormat.Tsv, "text\na\n\n", "a", "");
    }

    [TestMethod]
    public void Json_lines_have_the_columns_of_each_row_and_blank_lines_are_none()
    {
        TableRow[] rows = [.. Read(TableFormat.Jsonl, "{\"id\":1,\"text\":\"\\u0061\\n\"}\n \n{\"text\":null}\n{\"text\":\"b\",\"x\":[1, {}]}")];
        Assert.AreSequenceEqual(["a\n", "", "b"], rows.Select(row => row.Text("text")));
        Assert.AreSequenceEqual(["1,a\n", "", "b,[1, {}]"], rows.Select(row => string.Join(',', row.Values.Select(Cell.Text))));
        Assert.Contains("line 3,", rows[1].Place, "blank lines are counted");
    }

    [TestMethod]
    [DataRow("Csv", "text\na\n")]
    [DataRow("Tsv", "text\na\n")]
    [DataRow("Jsonl", "{\"text\":\"a\"}")]
    public void A_byte_order_mark_is_no_text_and_gzip_is_unpacked(string name, string content)
    {
        byte[] marked = [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(content)];
        File.WriteAllBytes(_files["marked"], marked);
        foreach (string path in (string[])[_files["marked"], _files.Compress(_files["marked"])])
        {
            Assert.AreEqual("a", TableReader.Read(Enum.Parse<TableFormat>(name), new(keepsPipes: false), path).Single().Text("text"));
        }
    }

    [TestMethod]
    [DataRow("Csv", "text\na\n")]
    [DataRow("Tsv", "text\na\n")]
    [DataRow("Jsonl", "{\"text\":\"a\"}\n")]
    public void Bytes_that_are_not_UTF8_are_an_error_with_the_file(string name, string content)
    {
        File.WriteAllBytes(_files["bad"], [.. Encoding.UTF8.GetBytes(content), 0xff]);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => TableReader.Read(Enum.Parse<TableFormat>(name), new(keepsPipes: false), _files["bad"]).Count());
        StringAssert.Contains(error.Message, _files["bad"]);
        StringAssert.Contains(error.Message, "UTF-8");
    }

    [TestMethod]
    [DataRow("Csv", "id,text\n1,a\n2\n", 1, "line 3, has 1 field, and the header 2")]
    [DataRow("Csv", "id,text\n1,\"a\nb\"\n2,a,b\n", 1, "line 4, has 3 fields, and the header 2")]
    [DataRow("Csv", "id,text\n1,a\n2,\"open\n3,b\n", 1, "line 3, has a field that begins with a quotation mark")]
    [DataRow("Csv", "id,text\n1,a\n2,\"b\"c\n", 1, "line 3, has a field that begins with a quotation mark")]
    [DataRow("Csv", "id,text,id\n1,a,1\n", 0, "line 1, is the header and names column 'id' twice")]
    [DataRow("Tsv", "id\ttext\n1\ta\n2\ta\tb\n", 1, "line 3, has 3 fields, and the header 2")]
    [DataRow("Jsonl", "{\"text\":\"a\"}\n\n{\"text\":}\n", 1, "line 3, is not JSON: '}' is an invalid start of a value. (byte 9)")]
    [DataRow("Jsonl", "{\"text\":\"a\"}\n[1]\n", 1, "line 2, is no JSON object")]
    [DataRow("Jsonl", "{\"text\":\"a\"}\n{\"text\":\"a\",\"text\":\"b\"}\n", 1, "line 2, is not JSON")]
    [DataRow("Jsonl", "{\"text\":\"a\"}\n{\"text\":\"\\ud800\"}\n", 1, "line 2, has half of a surrogate pair")]
    public void A_row_that_is_wrong_is_named_after_those_before_it(string name, string content, int before, string message)
    {
        File.WriteAllText(_files["t"], content);
        using IEnumerator<TableRow> rows = TableReader.Read(Enum.Parse<TableFormat>(name), new(keepsPipes: false), _files["t"]).GetEnumerator();
        for (int i = 0; i < before; i++)
        {
            Assert.IsTrue(rows.MoveNext());
        }

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => rows.MoveNext()).Message, $"'{_files["t"]}', {message}");
    }

    [TestMethod]
    public void A_column_that_is_not_there_is_told_with_those_that_are_and_one_of_another_type_with_its_value()
    {
        TableRow row = Read(TableFormat.Jsonl, "{\"id\":7,\"body\":\"a\"}").Single();
        StringAssert.EndsWith(
            Assert.ThrowsExactly<InvalidDataException>(() => row.Text("text")).Message, "line 1, has no column 'text'; it has 'id', 'body'.");
        StringAssert.EndsWith(
            Assert.ThrowsExactly<InvalidDataException>(() => row.Text("id")).Message, "line 1, has 7 in column 'id', which is no text.");
    }

    [TestMethod]
    public void A_field_whose_mark_is_not_closed_does_not_take_all_the_rest_into_memory()
    {
        using (StreamWriter writer = File.CreateText(_files["t"]))
        {
            writer.Write("id,text\n1,\"");
            for (int i = 0; i < 700; i++)
            {
                writer.Write(new string('x', 100_000));
            }
        }

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => TableReader.Read(TableFormat.Csv, new(keepsPipes: false), _files["t"]).Count());
        StringAssert.Contains(error.Message, "line 2, has a field of more than 67,108,864 characters");
    }

    [TestMethod]
    [DataRow("a.csv", "Csv")]
    [DataRow("a.TSV.gz", "Tsv")]
    [DataRow("a.tab", "Tsv")]
    [DataRow("a.jsonl", "Jsonl")]
    [DataRow("a.ndjson.GZ", "Jsonl")]
    [DataRow("/a.csv/b.parquet", "Parquet")]
    [DataRow("a.txt", null)]
    [DataRow("a.csv/b", null)]
    [DataRow("-", null)]
    public void The_extension_tells_the_format(string path, string? format) =>
        Assert.AreEqual(format, TableFormats.Of(path)?.ToString());

    public void Dispose() => _files.Dispose();

    private IEnumerable<TableRow> Read(TableFormat format, string content)
    {
        File.WriteAllText(_files["t"], content);
        return TableReader.Read(format, new TextSource(keepsPipes: false), _files["t"]);
    }

    private void AssertRows(TableFormat format, string content, params string[] rows) =>
        Assert.AreSequenceEqual(rows, Read(format, content).Select(row => string.Join('|', row.Values)));
}
