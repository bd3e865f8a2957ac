using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interchange.StateDicts;

/// <summary>What is no state dict of such a network is refused, by name and with the remedy.</summary>
[TestClass]
public sealed class StateDictErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow("whole-model.pt", "'__main__.RNNModel'", "torch.save(torch.load('model.pt', map_location='cpu').state_dict(), 'state.pt')")]
    [DataRow("older-format.pt", "before PyTorch 1.6", "torch.save(torch.load('old.pt', map_location='cpu'), 'new.pt')")]
    [DataRow("checkpoint.pt", "'state_dict' is no tensor", "[KEY]")]
    [DataRow("words.txt", "neither a safetensors file nor a state dict", "")]
    public void What_is_no_state_dict_is_refused(string file, string cause, string remedy) => AssertRefused(
        StateDictFiles.PathOf(file), $"Cannot import '{StateDictFiles.PathOf(file)}'", cause, remedy);

    [TestMethod]
    public void A_pickle_that_would_run_code_is_refused_by_the_name_of_what_it_calls()
    {
        // cos, system, ('touch FILE',), REDUCE: what unpickling in Python would run.
        string target = _folder.PathOf("touched");
        byte[] command = Encoding.UTF8.GetBytes($"touch {target}");
        byte[] pickle = [0x80, 2, .. "cos\nsystem\nX"u8, (byte)command.Length, 0, 0, 0, .. command, 0x85, .. "R."u8];
        AssertRefused(WithPickle(_ => pickle), "'os.system'", "only tensors are read");
        Assert.IsFalse(File.Exists(target));
    }

    [TestMethod]
    public void Every_pickle_that_is_cut_short_or_has_one_other_byte_is_read_as_it_was_or_refused()
    {
        byte[] good = Pickle();
        for (int i = 0; i < good.Length; i++)
        {
            byte[] flipped = [.. good];
            flipped[i] ^= (byte)(1 << (i % 8));
            foreach (byte[] bad in new[] { good[..i], flipped })
            {
                string path = WithPickle(_ => bad);
                try
                {
                    _ml.LanguageModeling.ImportStateDict(path, StateDictFiles.PathOf("words.txt"));
                }
                catch (InvalidDataException e)
                {
                    Assert.StartsWith($"Cannot import '{path}'", e.Message);
                }
            }
        }
    }

    [TestMethod]
    public void A_file_that_is_cut_short_is_named()
    {
        byte[] zip = File.ReadAllBytes(StateDictFiles.PathOf("mos.pt")), tensors = File.ReadAllBytes(StateDictFiles.PathOf("mos.safetensors"));
        AssertRefused(Write(zip[..(zip.Length / 2)]), "cut short");
        AssertRefused(Write(tensors[..^10]), "'decoder.bias'", "cut short");
        AssertRefused(Write([]), "neither");
        AssertRefused(WithEntry("data/3", _ => [1, 2, 3]), "bytes of values, and 3 are there");
        AssertRefused(WithEntry("data/3", _ => null), "'archive/data/3' is not there");
    }

    [TestMethod]
    public void What_is_compressed_is_refused() =>
        AssertRefused(WithEntry("data/0", content => content, CompressionLevel.SmallestSize), "'archive/data/0' is compressed");

    [TestMethod]
    public void A_tensor_of_another_shape_is_named_with_both_shapes() =>
        AssertRefused(Header(header => Swap(header["rnns.1.module.weight_ih_l0"]!)), "'rnns.1.module.weight_ih_l0'", "[5, 20]", "[20, 5]");

    [TestMethod]
    public void What_is_missing_or_beyond_is_named()
    {
        AssertRefused(Header(header => header.Remove("latent.0.bias")), "'latent.0.bias' is not there");
        AssertRefused(Header(header => header.Remove("encoder.weight")), "no 'encoder.weight'", "other names");
        AssertRefused(Header(header => header.Remove("rnns.1.module.weight_hh_l0_raw")), "'rnns.1.module.weight_hh_l0_raw' is not there");
        AssertRefused(Header(header => Rename(header, "prior.weight", "gate.weight")), "no 'prior.weight'");
        AssertRefused(Header(header => Rename(header, "decoder.weight", "gate.weight")), "'gate.weight'", "of no network that is read");
        AssertRefused(Header(header => Rename(header, "prior.weight", "rnns.0.module.linear.weight")), "QRNN");
        AssertRefused(Header(header => header["decoder.bias"]!["dtype"] = "U8"), "'decoder.bias'");
    }

    [TestMethod]
    public void Experts_of_other_layers_than_this_librarys_are_named()
    {
        AssertRefused(Header(header => Rename(header, "latent.0.weight", "weight4embed.weight")), "'weight4embed.weight'", "word embeddings");
        AssertRefused(
            Header(header => Rename(header, "latent.0.weight", "weight4first.weight")), "Of its 3 layers layer 1 has 3 experts", "next below");
    }

    [TestMethod]
    public void A_decoder_with_weights_of_its_own_is_refused()
    {
        byte[] file = File.ReadAllBytes(StateDictFiles.PathOf("mos.safetensors"));
        byte[] changed = StateDictFiles.WithHeader(file, header => header["decoder.weight"]!["data_offsets"]![0] = 4);
        AssertRefused(Write(StateDictFiles.WithHeader(changed, header => header["decoder.weight"]!["data_offsets"]![1] = 4 + (11 * 4 * 4))),
            "'decoder.weight'", "without tying");
    }

    [TestMethod]
    public void A_vocabulary_of_another_size_or_without_the_marks_is_refused()
    {
        string words = File.ReadAllText(StateDictFiles.PathOf("words.txt"));
        AssertVocabularyRefused(words + "more\n", "11 rows", "12 words", "in the order of their ids");
        AssertVocabularyRefused(words.Replace("<unk>", "unk"), "The unknown word '<unk>' is not in the vocabulary", "option");
        AssertVocabularyRefused(words.Replace("dog", "cat"), "'cat' occurs twice");
        AssertVocabularyRefused(words.Replace("dog", "dog 17"), "Line 9", "'dog 17'", "a word a line");
        AssertVocabularyRefused(words.Replace("dog", ""), "Line 9");
    }

    [TestMethod]
    public void Files_that_are_not_there_are_named()
    {
        Errors.AssertThrows<FileNotFoundException>(() => StateDictFiles.Import(_ml, "nothing.pt"), "nothing.pt");
        Errors.AssertThrows<FileNotFoundException>(
            () => _ml.LanguageModeling.ImportStateDict(StateDictFiles.PathOf("mos.pt"), _folder.PathOf("none.txt")), "none.txt");
    }

    public void Dispose() => _folder.Dispose();

    private void AssertRefused(string path, params string[] parts) => Errors.AssertThrows<InvalidDataException>(
        () => _ml.LanguageModeling.ImportStateDict(path, StateDictFiles.PathOf("words.txt")), parts);

    private void AssertVocabularyRefused(string words, params string[] parts)
    {
        string path = _folder.PathOf("words.txt");
        File.WriteAllText(path, words);
        Errors.AssertThrows<InvalidDataException>(
            () => _ml.LanguageModeling.ImportStateDict(StateDictFiles.PathOf("mos.pt"), path), [.. parts, path]);
    }

    private string Header(Action<JsonObject> change) =>
        Write(StateDictFiles.WithHeader(File.ReadAllBytes(StateDictFiles.PathOf("mos.safetensors")), change));

    private string Write(byte[] file)
    {
        string path = _folder.PathOf("changed");
        File.WriteAllBytes(path, file);
        return path;
    }

    private static void Swap(JsonNode tensor) =>
        tensor["shape"] = new JsonArray([.. tensor["shape"]!.AsArray().Select(size => (JsonNode)size!.GetValue<int>()).Reverse()]);

    private static void Rename(JsonObject header, string name, string other)
    {
        JsonNode tensor = header[name]!;
        header.Remove(name);
        header[other] = tensor;
    }

    private static byte[] Pickle()
    {
        using ZipArchive zip = ZipFile.OpenRead(StateDictFiles.PathOf("mos.pt"));
        using Stream stream = zip.Entries.Single(entry => entry.Name == "data.pkl").Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private string WithPickle(Func<byte[], byte[]?> change) => WithEntry("data.pkl", change);

    // The archive of mos.pt with one entry changed, or left out where the change gives null.
    private string WithEntry(string name, Func<byte[], byte[]?> change, CompressionLevel level = CompressionLevel.NoCompression)
    {
        string path = _folder.PathOf("changed");
        using ZipArchive zip = ZipFile.OpenRead(StateDictFiles.PathOf("mos.pt"));
        using var changed = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using Stream stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            bool isIt = entry.FullName.EndsWith("/" + name, StringComparison.Ordinal);
            if ((isIt ? change(memory.ToArray()) : memory.ToArray()) is byte[] content)
            {
                using Stream target = changed.CreateEntry(
                    "archive/" + entry.FullName[(entry.FullName.IndexOf('/') + 1)..], isIt ? level : CompressionLevel.NoCompression).Open();
                target.Write(content);
            }
        }

        return path;
    }
}
