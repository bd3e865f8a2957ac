using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Data;

/// <summary>Runs that read their text from a file, and in shards.</summary>
[TestClass]
public sealed class TokenCacheRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Cache => _folder.PathOf("cache");

    [TestMethod]
    public void A_run_from_a_file_gives_the_same_weights_as_one_from_memory()
    {
        string memory = ShortRun.Hash(ShortRun.Options());
        Assert.AreEqual(memory, ShortRun.Hash(Cached(null)));
        Assert.IsEmpty(Directory.GetFiles(Cache));
        Assert.AreEqual(memory, ShortRun.Hash(Cached("key")));
        Assert.AreEqual(memory, ShortRun.Hash(Cached("key")));
        Assert.HasCount(1, Directory.GetFiles(Cache));

        MixtureOfSoftmaxesTrainer.Options Cached(string? key)
        {
            MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
            options.TokenCacheFolder = Cache;
            options.TokenCacheKey = key;
            return options;
        }
    }

    [TestMethod]
    public void Shards_are_read_in_an_order_of_the_seed_and_a_stopped_run_goes_on_in_it()
    {
        MixtureOfSoftmaxesTrainer.Options options = Sharded();
        string whole = Hash(options);
        Assert.AreEqual(whole, Hash(Sharded()));
        Assert.AreNotEqual(ShortRun.Hash(ShortRun.Options()), whole);

        MixtureOfSoftmaxesTrainer.Options stopped = Sharded();
        stopped.CheckpointFolder = _folder.PathOf("checkpoints");
        stopped.MaximumTokens = 400;
        Hash(stopped);
        stopped.MaximumTokens = null;
        stopped.Resume = true;
        Assert.AreEqual(whole, Hash(stopped));

        static MixtureOfSoftmaxesTrainer.Options Sharded()
        {
            MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
            options.ShardColumnName = nameof(TextLine.FileIndex);
            return options;
        }
    }

    [TestMethod]
    public void A_shard_column_that_is_not_there_is_refused_before_a_row_is_read()
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        options.ShardColumnName = "Missing";
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => ShortRun.Fit(options), "Missing");
    }

    [TestMethod]
    public void A_key_without_a_folder_is_refused()
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        options.TokenCacheKey = "key";
        Errors.AssertThrows<ArgumentException>(() => ShortRun.Fit(options), "TokenCacheKey", "TokenCacheFolder");
    }

    public void Dispose() => _folder.Dispose();

    private static string Hash(MixtureOfSoftmaxesTrainer.Options options)
    {
        var ml = new MLContext(seed: 1);
        TextLine[] lines = [.. TinyLanguage.Sentences(seed: 1, count: 60).Select((text, i) => new TextLine { Text = text, FileIndex = i / 12 })];
        IDataView data = ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Fit(ml.Data.LoadFromEnumerable(lines))
            .Transform(ml.Data.LoadFromEnumerable(lines));
        using LanguageModelTransformer model = ShortRun.Fit(options, ml, data);
        return ShortRun.HashOfWeights(ModelZip.Save(model));
    }
}
