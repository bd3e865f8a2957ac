using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.Streams;

/// <summary>Token files: written once, read again where they are whole and of the same text, written anew where not.</summary>
[TestClass]
public sealed class TokenCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    private string Cache => _folder.PathOf("cache");

    [TestMethod]
    public void What_is_read_of_a_file_is_what_is_read_of_the_data()
    {
        HandMadeView data = Data();
        ShardedTokens memory = TokenStream.ReadText(Rows(data), default), file = Read(data);
        using (file)
        {
            Assert.AreSequenceEqual(memory.Tokens.Ids(), file.Tokens.Ids());
            Assert.AreEqual(memory.Tokens.Hash(), file.Tokens.Hash());
            Assert.AreSequenceEqual([0L, 6, 12], memory.Shards);
            Assert.AreSequenceEqual(memory.Shards, file.Shards);
            Assert.AreEqual(new UnknownShare(2, 12), memory.Unknown);
            Assert.AreEqual(memory.Unknown, file.Unknown);
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => file.Tokens.CopyTo(new int[2], file.Tokens.Length - 1));
        }
    }

    [TestMethod]
    public void With_a_key_the_data_is_read_once()
    {
        HandMadeView data = Data();
        int[] first = Ids(data), again = Ids(data);
        Assert.AreSequenceEqual(first, again);
        Assert.HasCount(1, data.Cursors);
        AssertSaid("the data is not read");

        Ids(data, key: "other");
        Ids(data, identity: "other");
        Assert.HasCount(3, data.Cursors);
        Assert.HasCount(3, Directory.GetFiles(Cache));
    }

    [TestMethod]
    public void Without_a_key_nothing_stays()
    {
        HandMadeView data = Data();
        using (ShardedTokens text = Read(data, key: null))
        {
            Assert.HasCount(18, text.Tokens.Ids());
        }

        Ids(data, key: null);
        Assert.HasCount(2, data.Cursors);
        Assert.IsEmpty(Directory.GetFiles(Cache));
    }

    [TestMethod]
    public void A_file_that_is_not_whole_or_has_one_bit_changed_is_written_anew()
    {
        int[] ids = Ids(Data());
        string path = Directory.GetFiles(Cache).Single();
        byte[] whole = File.ReadAllBytes(path);
        byte[][] damaged =
        [
            [], .. Enumerable.Range(1, whole.Length - 1).Select(length => whole[..length]), [.. whole, 0],
            .. Enumerable.Range(0, 8 * whole.Length / 5).Select(i => Flipped(whole, 5 * i)),
        ];
        int repaired = 0;
        foreach (byte[] bytes in damaged)
        {
            File.WriteAllBytes(path, bytes);
            HandMadeView data = Data();
            Assert.AreSequenceEqual(ids, Ids(data));

            // What a bit changes in the name of a member, or in a count, may leave the ids as they are; then they are used.
            if (data.Cursors.Count == 1)
            {
                repaired++;
                AssertSaid("is written anew");
                Assert.AreSequenceEqual(whole, File.ReadAllBytes(path));
            }
        }

        Assert.IsGreaterThan(0.9 * damaged.Length, repaired);
    }

    [TestMethod]
    public void Ids_that_the_vocabulary_does_not_have_are_refused()
    {
        Ids(Data());
        string path = Directory.GetFiles(Cache).Single();
        FormatException error = Assert.ThrowsExactly<FormatException>(() => TokenFile.Open(path, vocabularySize: 3, isTemporary: false));
        Assert.Contains("not in the vocabulary", error.Message);
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_named_with_the_remedy()
    {
        string file = _folder.PathOf("file");
        File.WriteAllText(file, "");
        IHost host = ((IHostEnvironment)new MLContext()).Register("test");
        IOException error = Assert.ThrowsExactly<IOException>(
            () => new TokenCache(Path.Combine(file, "tokens"), "key", TimeSpan.Zero).Read(Rows(Data()), "", TinyModel.Vocabulary(), host));
        Assert.Contains("Name another folder", error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private void AssertSaid(string words) => Assert.Contains(words, string.Join('\n', _log));

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] copy = [.. bytes];
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }

    /// <summary>Six rows of two words, the first of every third unknown, in three shards.</summary>
    private static HandMadeView Data() => new HandMadeView(rows: 6)
        .AddTokens("Tokens", TinyModel.Words, row => new(row == 0 ? 3 : row == 1 ? 1 : 2, [row % 3 == 0 ? 1u : 3, 4, 5]))
        .Add("Shard", NumberDataViewType.Int32, row => (int)row / 2);

    private static TokenRows Rows(IDataView data) => new(data, "Tokens", "Shard", TinyModel.Vocabulary(), "training data");

    private ShardedTokens Read(IDataView data, string? key = "key", string identity = "Tokens")
    {
        var ml = new MLContext();
        _log.Clear();
        ml.Log += (_, e) => _log.Add(e.Message);
        return new TokenCache(Cache, key, TimeSpan.FromMinutes(1)).Read(
            Rows(data), identity, TinyModel.Vocabulary(), ((IHostEnvironment)ml).Register("test"));
    }

    private int[] Ids(IDataView data, string? key = "key", string identity = "Tokens")
    {
        using ShardedTokens text = Read(data, key, identity);
        return text.Tokens.Ids();
    }
}
