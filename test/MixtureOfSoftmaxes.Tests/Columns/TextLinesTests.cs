using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Columns;

[TestClass]
public sealed class TextLinesTests
{
    private static readonly byte[] s_mark = [0xef, 0xbb, 0xbf];

    private readonly MLContext _ml = new();
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public void Lines_of_several_files_come_in_order_plain_or_gzip()
    {
        string plain = Write("plain.txt", Encoding.UTF8.GetBytes("a b\r\n\nc"));
        string zipped = Write("zipped", Gzip("é\nlast\n"));
        Assert.AreSequenceEqual(["a b", "", "c", "é", "last"], Lines(plain, zipped));
    }

    [TestMethod]
    public void Every_cursor_reads_anew()
    {
        string path = Write("a.txt", "one\n"u8.ToArray());
        IDataView view = _ml.LanguageModeling.LoadTextLines(path);
        Assert.AreSequenceEqual(["one"], view.GetColumn<string>("Text"));
        File.WriteAllText(path, "two\n");
        Assert.AreSequenceEqual(["two"], view.GetColumn<string>("Text"));
    }

    [TestMethod]
    public void An_empty_file_has_no_rows_and_a_byte_order_mark_is_no_text()
    {
        Assert.IsEmpty(Lines(Write("empty.txt", [])));
        Assert.IsEmpty(Lines(Write("mark.txt", s_mark)));
        Assert.AreSequenceEqual(["a"], Lines(Write("marked.txt", [.. s_mark, (byte)'a'])));
    }

    [TestMethod]
    public void A_byte_order_mark_that_begins_a_line_is_no_text_and_one_within_a_line_is()
    {
        byte[] first = [.. s_mark, .. "the cat\na dog\n"u8], second = [.. s_mark, .. "the mat\n"u8];
        string[] lines = ["the cat", "a dog", "the mat"];
        Assert.AreSequenceEqual(lines, Lines(Write("joined.txt", [.. first, .. second])));
        Assert.AreSequenceEqual(lines, Lines(Write("joined.gz", [.. Gzip(first), .. Gzip(second)])));
        Assert.AreSequenceEqual(["a\ufeffb"], Lines(Write("within.txt", [(byte)'a', .. s_mark, (byte)'b'])));
    }

    [TestMethod]
    public void A_line_ends_with_a_line_feed_a_carriage_return_or_both() => Assert.AreSequenceEqual(
        ["the cat", "a dog", "", "one", "two"], Lines(Write("ends.txt", "the cat\ra dog\n\rone\r\ntwo"u8.ToArray())));

    [TestMethod]
    public void Each_line_has_the_path_of_its_file_and_the_place_of_that_file()
    {
        string a = Write("a.txt", "one\ntwo\n"u8.ToArray()), empty = Write("empty.txt", []);
        IDataView view = _ml.LanguageModeling.LoadTextLines(a, empty, a, a);
        Assert.AreSequenceEqual([0, 0, 2, 2, 3, 3], view.GetColumn<int>("FileIndex"));
        Assert.AreSequenceEqual(Enumerable.Repeat(a, 6), view.GetColumn<string>("File"));
    }

    [TestMethod]
    public void A_missing_file_is_named() => Errors.AssertThrows<FileNotFoundException>(
        () => _ml.LanguageModeling.LoadTextLines(_folder.PathOf("absent.txt")), "absent.txt");

    [TestMethod]
    public void Bytes_that_are_not_utf8_are_an_error_that_names_the_file_with_a_byte_order_mark_as_without()
    {
        byte[] latin1 = [.. "the caf"u8, 0xe9, .. " said\n"u8];
        byte[][] contents =
        [
            latin1,
            [.. s_mark, .. latin1],
            Gzip(latin1),
            Gzip([.. s_mark, .. latin1]),
            Encoding.Unicode.GetPreamble(),
            [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("the cat\n")],
            [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes("the cat\n")],
            [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes("the cat\n")],
        ];
        foreach (byte[] content in contents)
        {
            string path = Write("latin1.txt", content);
            Errors.AssertThrows<InvalidDataException>(() => Lines(path), "latin1.txt", "UTF-8");
        }
    }

    [TestMethod]
    public void Damaged_gzip_is_an_error_that_names_the_file()
    {
        byte[] gzip = Gzip(string.Join('\n', TinyModel.TrainingSentences));
        gzip[gzip.Length / 2] ^= 0xff;
        string path = Write("damaged.gz", gzip);
        Errors.AssertThrows<InvalidDataException>(() => Lines(path), "damaged.gz", "gzip");
    }

    [TestMethod]
    public void Truncated_gzip_is_an_error_that_names_the_file()
    {
        byte[] gzip = Gzip(string.Join('\n', TinyModel.TrainingSentences));
        string path = Write("cut.gz", gzip[..(gzip.Length / 2)]);
        Errors.AssertThrows<InvalidDataException>(() => Lines(path), "cut.gz", "gzip");
    }

    private string[] Lines(params string[] paths) => [.. _ml.LanguageModeling.LoadTextLines(paths).GetColumn<string>("Text")];

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder.PathOf(name), content);
        return _folder.PathOf(name);
    }

    private static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    private static byte[] Gzip(byte[] text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        return memory.ToArray();
    }
}
