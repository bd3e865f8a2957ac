using System.IO.Compression;
using System.Text;
using Microsoft.ML;

namespace Embedded.MLNet.Tests.ModelFormat;

[TestClass]
public class RepositoryTests
{
    [TestMethod]
    public void Entries_stand_in_the_order_of_their_closing_after_the_version()
    {
        byte[] zip = Write(repository =>
        {
            using Repository.Entry outer = repository.CreateEntry("Chain", "Model.key");
            using (Repository.Entry inner = repository.CreateEntry("Chain/Part", "Model.key"))
                inner.Stream.Write("inner"u8);
            outer.Stream.Write("outer"u8);
        });

        (string Name, byte[] Content)[] entries = ZipBytes.Entries(zip);
        CollectionAssert.AreEqual(
            new[] { "TrainingInfo/Version.txt", "Chain/Part/Model.key", "Chain/Model.key" }, entries.Select(e => e.Name).ToArray());
        Assert.AreEqual("5.0.0", Encoding.UTF8.GetString(entries[0].Content).TrimEnd());
        Assert.AreEqual("inner", Encoding.UTF8.GetString(entries[1].Content));
        Assert.AreEqual("outer", Encoding.UTF8.GetString(entries[2].Content));
    }

    [TestMethod]
    public void A_name_can_be_given_once_only() => Write(repository =>
    {
        repository.CreateEntry("Model.key").Dispose();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => repository.CreateEntry("Model.key"));
    });

    [TestMethod]
    [DataRow("..", "Model.key")]
    [DataRow("a/../../b", "Model.key")]
    [DataRow(null, "/etc/passwd")]
    [DataRow(null, " ")]
    public void Names_that_lead_out_of_the_repository_are_refused(string? dir, string name) => Write(repository =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => repository.CreateEntry(dir, name)));

    [TestMethod]
    public void Backslashes_in_a_zip_file_separate_directories()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = archive.CreateEntry(@"Chain\Model.key").Open())
            entry.Write("content"u8);

        using RepositoryReader repository = RepositoryReader.Open(stream);
        using Repository.Entry opened = repository.OpenEntry("Chain", "Model.key");
        using var reader = new StreamReader(opened.Stream);
        Assert.AreEqual("content", reader.ReadToEnd());
    }

    [TestMethod]
    public void A_missing_entry_is_null_or_an_error_that_names_it()
    {
        using RepositoryReader repository = RepositoryReader.Open(new MemoryStream(Write(_ => { })));
        Assert.IsNull(repository.OpenEntryOrNull("Chain", "Model.key"));
        FormatException e = Assert.ThrowsExactly<FormatException>(() => repository.OpenEntry("Chain", "Model.key"));
        StringAssert.Contains(e.Message, "'Chain/Model.key'");
    }

    [TestMethod]
    public void Nothing_is_left_in_the_temporary_folder()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var context = new MLContext { TempFilePath = folder };
            using var stream = new MemoryStream();
            context.Model.Save(new OffsetTransformer(1, "n", new byte[100_000]), null!, stream);
            context.Model.Load(stream, out _);
            Assert.IsEmpty(Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Write(Action<RepositoryWriter> write)
    {
        using var stream = new MemoryStream();
        using (RepositoryWriter repository = RepositoryWriter.CreateNew(stream))
        {
            write(repository);
            repository.Commit();
        }

        return stream.ToArray();
    }
}
