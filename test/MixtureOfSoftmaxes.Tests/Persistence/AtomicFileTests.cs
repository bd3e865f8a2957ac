using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

[TestClass]
public sealed class AtomicFileTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public void A_write_that_fails_half_way_leaves_the_old_file_whole_and_nothing_beside_it()
    {
        string path = _folder.PathOf("model.zip");
        File.WriteAllText(path, "old");
        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("new, but not"u8);
            stream.Flush();
            throw new InvalidTimeZoneException();
        }));
        Assert.AreEqual("old", File.ReadAllText(path));
        Assert.AreSequenceEqual(["model.zip"], _folder.FileNames);
    }

    [TestMethod]
    public void While_it_is_written_the_old_file_is_still_there()
    {
        string path = _folder.PathOf("model.zip");
        File.WriteAllText(path, "old");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            Assert.AreEqual("old", File.ReadAllText(path));
        });
        Assert.AreEqual("new", File.ReadAllText(path));
        Assert.AreSequenceEqual(["model.zip"], _folder.FileNames);
    }

    [TestMethod]
    public void A_missing_folder_is_an_error_that_names_it() => Errors.AssertThrows<DirectoryNotFoundException>(
        () => AtomicFile.Write(_folder.PathOf("absent/model.zip"), _ => { }), "absent/model.zip");

    [TestMethod]
    public void Text_is_written_the_same_way_in_UTF8_without_a_mark()
    {
        string path = _folder.PathOf("page.html");
        File.WriteAllText(path, "old");
        AtomicFile.WriteText(path, writer =>
        {
            writer.Write("été");
            writer.Flush();
            Assert.AreEqual("old", File.ReadAllText(path));
        });
        Assert.AreSequenceEqual("été"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.WriteText(path, writer =>
        {
            writer.Write("new, but not");
            throw new InvalidTimeZoneException();
        }));
        Assert.AreEqual("été", File.ReadAllText(path));
        Assert.AreSequenceEqual(["page.html"], _folder.FileNames);
    }

    [TestMethod]
    public void A_place_is_prepared_by_making_its_folder_and_leaving_what_is_in_it()
    {
        string path = _folder.PathOf("runs/first/page.html");
        AtomicFile.Prepare(path);
        Assert.IsEmpty(Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
        File.WriteAllText(path, "old");
        AtomicFile.Prepare(path);
        Assert.AreSequenceEqual([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
        Assert.AreEqual("old", File.ReadAllText(path));
    }

    [TestMethod]
    public void A_place_that_cannot_be_written_is_an_error_before_there_is_anything_to_write()
    {
        File.WriteAllText(_folder.PathOf("file"), "");
        Errors.AssertThrows<IOException>(() => AtomicFile.Prepare(_folder.PathOf("file/page.html")), _folder.PathOf("file"));
        Directory.CreateDirectory(_folder.PathOf("taken"));
        string taken = _folder.PathOf("taken");
        Errors.AssertThrows<IOException>(() => AtomicFile.Prepare(taken), $"'{taken}'", "name a file");
    }

    [TestMethod]
    public void Saving_a_model_that_cannot_be_saved_leaves_the_old_model_whole()
    {
        string path = _folder.PathOf("model.zip");
        var ml = new MLContext();
        ml.LanguageModeling.Save(TinyModel.Untrained(), ml.Texts().Schema, path);
        byte[] old = File.ReadAllBytes(path);
        Assert.Throws<InvalidTimeZoneException>(() => ml.LanguageModeling.Save(new Unsavable(), ml.Texts().Schema, path));
        Assert.AreSequenceEqual(old, File.ReadAllBytes(path));
        Assert.AreSequenceEqual(["model.zip"], _folder.FileNames);
    }

    [TestMethod]
    public void What_a_killed_process_left_beside_it_goes_and_what_is_anothers_stays()
    {
        const string unique = "0123456789abcdef0123456789abcdef";
        string dead = Left($"model.zip.{Programs.IdOfAnEndedProcess}.{unique}.tmp");
        string another = Left($"model.zip.{Programs.IdOfAnEndedProcess}.fedcba9876543210fedcba9876543210.tmp");
        string[] others =
        [
            Left($"other.zip.{Programs.IdOfAnEndedProcess}.{unique}.tmp"), Left($"model.zip.{Programs.IdOfAnotherProcess}.{unique}.tmp"),
            Left($"model.zip.old.{unique}.tmp"), Left($"model.zip.{Programs.IdOfAnEndedProcess}.tmp"), Left("model.zip.tmp"), Left("model.zip"),
        ];
        using (FileStream held = new(another, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            AtomicFile.Prepare(_folder.PathOf("model.zip"));
            Assert.AreSequenceEqual(Names([another, .. others]), Names(_folder.FileNames));
        }

        AtomicFile.Write(_folder.PathOf("model.zip"), _ => { });
        Assert.AreSequenceEqual(Names(others), Names(_folder.FileNames), "each write looks too");

        string Left(string name)
        {
            File.WriteAllText(_folder.PathOf(name), "half");
            return _folder.PathOf(name);
        }

        static IEnumerable<string> Names(IEnumerable<string> paths) =>
            paths.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
    }

    private sealed class Unsavable : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new InvalidTimeZoneException();

        public IDataView Transform(IDataView input) => input;
    }
}
