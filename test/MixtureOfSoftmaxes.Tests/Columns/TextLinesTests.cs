using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Columns;

[TestClass]
public sealed class TextLinesTests
{
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
        Assert.AreSequenceEqual(["a"], Lines(Write("marked.txt", [0xef, 0xbb, 0xbf, (byte)'a'])));
    }

    [TestMethod]
    public void A_missing_file_is_named() => Errors.AssertThrows<FileNotFoundException>(
        () => _ml.LanguageModeling.LoadTextLines(_folder.PathOf("absent.txt")), "absent.txt");

    [TestMethod]
    public void Bytes_that_are_not_utf8_are_an_error_that_names_the_file()
    {
        string path = Write("latin1.txt", [(byte)'a', 0xe9, (byte)'b']);
        Errors.AssertThrows<InvalidDataException>(() => Lines(path), "latin1.txt", "UTF-8");
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

    private static byte[] Gzip(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return memory.ToArray();
    }
}
