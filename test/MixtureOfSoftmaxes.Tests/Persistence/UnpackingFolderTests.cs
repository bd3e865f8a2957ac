using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>Official ML.NET packs and unpacks models in a folder for temporary files, which may be read-only or full.</summary>
[TestClass]
public sealed class UnpackingFolderTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public void A_context_that_has_none_to_write_says_so_of_saving_and_of_loading_with_the_folder_and_the_remedy()
    {
        string path = _folder.PathOf("model.zip");
        var ml = new MLContext();
        ml.LanguageModeling.Save(TinyModel.Untrained(), ml.Texts().Schema, path);
        byte[] old = File.ReadAllBytes(path);
        ml.TempFilePath = _folder.PathOf("model.zip/temporary");
        string[] parts = [$"'{ml.TempFilePath}'", "cannot be written", "TMPDIR", "MLContext.TempFilePath"];
        Errors.AssertThrows<InvalidOperationException>(
            () => ml.LanguageModeling.Save(TinyModel.Untrained(), ml.Texts().Schema, path), parts);
        Errors.AssertThrows<InvalidOperationException>(() => ml.LanguageModeling.Load(path, out _), parts);
        Assert.AreSequenceEqual(old, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void ML_NET_works_in_the_folder_of_the_context_and_leaves_nothing_there()
    {
        string path = _folder.PathOf("model.zip");
        var ml = new MLContext { TempFilePath = Directory.CreateDirectory(_folder.PathOf("temporary")).FullName };
        using var watcher = new FileSystemWatcher(ml.TempFilePath) { EnableRaisingEvents = true };
        using var made = new CountdownEvent(2);
        watcher.Created += (_, e) =>
        {
            if (e.Name!.StartsWith("ml_dotnet_", StringComparison.Ordinal) && !made.IsSet)
            {
                made.Signal();
            }
        };
        ml.LanguageModeling.Save(TinyModel.Untrained(), ml.Texts().Schema, path);
        (ml.LanguageModeling.Load(path, out _) as IDisposable)?.Dispose();
        Assert.IsTrue(made.Wait(TimeSpan.FromSeconds(30)), "a folder to pack in, and one to unpack in");
        Assert.IsEmpty(Directory.GetFileSystemEntries(ml.TempFilePath));
    }

    [TestMethod]
    public void Too_little_room_is_told_in_megabytes()
    {
        WritableFolder.Check(_folder.PathOf("made"), 1, "of tests", "None.");
        Assert.IsTrue(Directory.Exists(_folder.PathOf("made")));
        Errors.AssertThrows<IOException>(
            () => WritableFolder.Check(_folder.PathOf("made"), 1L << 60, "of tests", "Make room."),
            $"'{_folder.PathOf("made")}' of tests has", "MB free, but 1,099,511,627,776 MB are needed. Make room.");
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder.PathOf("made")));
    }
}
