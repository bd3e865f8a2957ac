using Mos.Input.Tables;
using Mos.Output.Tables;
using Mos.Tests.Support;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;

namespace Mos.Tests.Input;

/// <summary>Parquet in and out, beside what the library's own serializer of classes reads and writes.</summary>
[TestClass]
public sealed class ParquetTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public async Task Rows_of_every_group_are_read_with_the_types_of_their_columns()
    {
        await ParquetSerializer.SerializeAsync(Records(10), _files["a.parquet"], new() { RowGroupSize = 4 });
        TableRow[] rows = [.. TableReader.Read(TableFormat.Parquet, new(keepsPipes: false), _files["a.parquet"])];
        Assert.AreSequenceEqual(Records(10).Select(record => record.Text ?? ""), rows.Select(row => row.Text("Text")));
        Assert.AreSequenceEqual(
            ["Text", "Count", "Share", "When", "Words"], rows[0].Columns.Select(column => column.Name));
        Assert.AreSequenceEqual(
            ["row 3", "3", "1.5", "2026-01-04T00:00:00.0000000", "[\"a\",\"3\"]"], rows[3].Values.Select(Cell.Text));
        Assert.AreEqual($"'{_files["a.parquet"]}', row 8,", rows[7].Place);
        Assert.AreEqual("", Cell.Text(rows[5].Values[1]), "a missing value");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => rows[0].Text("Share")).Message, "row 1, has 0 in column 'Share'");
    }

    [TestMethod]
    public async Task What_is_read_is_written_with_the_same_types_in_groups_of_bounded_size()
    {
        const int count = (1 << 16) + 3;
        await ParquetSerializer.SerializeAsync(Records(count), _files["a.parquet"]);
        using (FileStream stream = File.Create(_files["b.parquet"]))
        {
            TableOutput.Write(TableFormat.Parquet, _files["b.parquet"], stream, table =>
            {
                foreach (TableRow row in TableReader.Read(TableFormat.Parquet, new(keepsPipes: false), _files["a.parquet"]))
                {
                    if (row.Place.EndsWith(" 1,", StringComparison.Ordinal))
                    {
                        table.Begin(row.Columns);
                    }

                    table.Write(row);
                }
            });
        }

        await using ParquetReader reader = await ParquetReader.CreateAsync(_files["b.parquet"]);
        Assert.AreSequenceEqual([1L << 16, 3L], reader.RowGroups.Select(group => group.RowCount));
        var read = await ParquetSerializer.DeserializeAsync<Flat>(_files["b.parquet"]);
        Assert.AreSequenceEqual(
            Records(count).Select(record => (record.Text, record.Count, record.Share, record.When)),
            read.Data.Select(record => (record.Text, record.Count, record.Share, record.When)));
        Assert.AreSequenceEqual(
            Records(count).Select(record => $"[\"{record.Words[0]}\",\"{record.Words[1]}\"]"), read.Data.Select(record => record.Words));
    }

    [TestMethod]
    public void The_type_of_a_column_that_has_none_is_that_of_its_first_values()
    {
        (Type Type, string Values)[] columns =
        [
            .. Convert("""{"a":1,"b":true,"c":1,"d":"x","e":null,"f":[1]}""", """{"a":null,"b":false,"c":2.5,"d":"y","e":null,"f":2}"""),
        ];
        Assert.AreSequenceEqual(
            [typeof(long), typeof(bool), typeof(double), typeof(string), typeof(string), typeof(string)], columns.Select(column => column.Type));
        Assert.AreSequenceEqual(["1|", "True|False", "1|2.5", "x|y", "|", "[1]|2"], columns.Select(column => column.Values));
    }

    [TestMethod]
    public void A_later_value_of_another_type_is_an_error_with_its_place()
    {
        string[] lines = [.. Enumerable.Repeat("""{"a":1}""", 1 << 16), """{"a":"one"}"""];
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => Convert(lines)).Message, "line 65537, has one in column 'a', whose first values");
    }

    [TestMethod]
    public void A_damaged_file_and_one_of_something_else_are_named()
    {
        foreach (string content in (string[])["", "the cat", "PAR1 and no more of it PAR1"])
        {
            File.WriteAllText(_files["bad.parquet"], content);
            InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
                () => TableReader.Read(TableFormat.Parquet, new(keepsPipes: false), _files["bad.parquet"]).Count());
            StringAssert.StartsWith(error.Message, $"File '{_files["bad.parquet"]}' cannot be read as Parquet: ");
        }
    }

    public void Dispose() => _files.Dispose();

    private static IReadOnlyList<Record> Records(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new Record
        {
            Text = i % 9 == 8 ? null : $"row {i}",
            Count = i % 5 == 0 ? null : i,
            Share = i / 2f,
            When = new DateTime(2026, 1, 1).AddDays(i % 1000),
            Words = ["a", $"{i}"],
        }),
    ];

    private IEnumerable<(Type, string)> Convert(params string[] lines)
    {
        _files.Write("a.jsonl", lines);
        using (FileStream stream = File.Create(_files["a.parquet"]))
        {
            TableOutput.Write(TableFormat.Parquet, _files["a.parquet"], stream, table =>
            {
                TableRow[] rows = [.. TableReader.Read(TableFormat.Jsonl, new(keepsPipes: false), _files["a.jsonl"])];
                table.Begin(rows[0].Columns);
                Array.ForEach(rows, table.Write);
            });
        }

        TableRow[] read = [.. TableReader.Read(TableFormat.Parquet, new(keepsPipes: false), _files["a.parquet"])];
        return read[0].Columns.Select((column, i) => (
            column.Field is DataField { ClrType: var type } ? type == typeof(ReadOnlyMemory<char>) ? typeof(string) : type : typeof(object),
            string.Join('|', read.Select(row => row.Values[i]))));
    }

    private sealed class Record
    {
        public string? Text { get; set; }

        public int? Count { get; set; }

        public float Share { get; set; }

        public DateTime When { get; set; }

        public List<string> Words { get; set; } = [];
    }

    private sealed class Flat
    {
        public string? Text { get; set; }

        public int? Count { get; set; }

        public float Share { get; set; }

        public DateTime When { get; set; }

        public string Words { get; set; } = "";
    }
}
