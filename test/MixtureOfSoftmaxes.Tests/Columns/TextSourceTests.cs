using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Columns;

/// <summary>Text that comes through a pipe: there is no going back in it.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class TextSourceTests
{
    private readonly MLContext _ml = new();
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    [DataRow("a b\r\n\nété", false)]
    [DataRow("a b\r\n\nété", true)]
    [DataRow("a", false)]
    [DataRow("\u001f", false)]
    [DataRow("", false)]
    public void Its_lines_are_those_of_a_file_plain_or_gzip(string text, bool isGzip)
    {
        byte[] bytes = isGzip ? Gzip(text) : Encoding.UTF8.GetBytes(text);
        File.WriteAllBytes(_folder.PathOf("file"), bytes);
        string[] expected = Lines(_ml.LanguageModeling.LoadTextLines(_folder.PathOf("file")));
        foreach (int chunk in new[] { 1, bytes.Length })
        {
            string pipe = Pipe(bytes, Math.Max(1, chunk));
            Assert.AreSequenceEqual(expected, Lines(_ml.LanguageModeling.LoadTextLines(pipe)));
            Assert.AreSequenceEqual(expected, TextLines.Read(new(keepsPipes: true), Pipe(bytes, Math.Max(1, chunk))));
        }
    }

    [TestMethod]
    public void Lines_come_before_the_other_end_is_closed()
    {
        string pipe = Programs.Pipe(_folder.PathOf("slow"));
        using var closed = new ManualResetEventSlim();
        Task writer = Task.Run(() =>
        {
            using FileStream stream = new(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            stream.Write("first\nsecond\n"u8);
            Assert.IsTrue(closed.Wait(TimeSpan.FromMinutes(1)), "no line came");
        });
        using IEnumerator<TextLine> lines = new TextLines([pipe]).GetEnumerator();
        Assert.IsTrue(lines.MoveNext());
        Assert.AreEqual("first", lines.Current.Text);
        closed.Set();
        writer.Wait();
    }

    [TestMethod]
    public void A_second_reader_is_told_which_it_is_and_what_to_do()
    {
        IDataView view = _ml.LanguageModeling.LoadTextLines(Pipe("one\n"u8.ToArray(), 4));
        Assert.AreSequenceEqual(["one"], Lines(view));
        Errors.AssertThrows<InvalidOperationException>(() => Lines(view), _folder.PathOf("pipe"), "once", "write it to a file");
    }

    [TestMethod]
    public void Where_it_is_kept_every_reader_has_it_whole_beside_files_that_are_read_anew()
    {
        File.WriteAllText(_folder.PathOf("file"), "zero\n");
        string[] paths = [_folder.PathOf("file"), Pipe("one\ntwo"u8.ToArray(), 3)];
        var source = new TextSource(keepsPipes: true);
        IEnumerable<string> lines = paths.SelectMany(path => TextLines.Read(source, path));
        Assert.AreSequenceEqual(["zero", "one", "two"], lines);
        File.WriteAllText(_folder.PathOf("file"), "nought\n");
        Assert.AreSequenceEqual(["nought", "one", "two"], lines);
    }

    [TestMethod]
    public void A_model_cannot_come_through_one_and_the_error_says_why() => Errors.AssertThrows<InvalidDataException>(
        () => _ml.LanguageModeling.Load(Pipe("PK"u8.ToArray(), 2), out _), _folder.PathOf("pipe"), "pipe", "write it to a file");

    private string Pipe(byte[] content, int chunk)
    {
        File.Delete(_folder.PathOf("pipe"));
        string pipe = Programs.Pipe(_folder.PathOf("pipe"));
        Task.Run(() =>
        {
            using FileStream stream = new(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            foreach (byte[] part in content.Chunk(chunk))
            {
                stream.Write(part);
            }
        });
        return pipe;
    }

    private static string[] Lines(IDataView view) => [.. view.GetColumn<string>("Text")];

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
