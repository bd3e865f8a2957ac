using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>Every entry of a component of ours is held to a SHA-256, the list of them included.</summary>
[TestClass]
public sealed class ChecksumTests
{
    private const string List = "Checksums.json";

    private static readonly Lazy<Dictionary<string, byte[]>> s_zips = new(() => new()
    {
        ["words"] = ModelZip.Save(TinyModel.Trained),
        ["byte pairs"] = ModelZip.Save(BytePairModel.Trained),
        ["adapted"] = ModelZip.Save(TinyModel.Adapted),
        ["byte-level BPE"] = ModelZip.Save(PretrainedModel.Untrained(TokenizerSamples.ByteLevelBpe)),
        ["tiktoken"] = ModelZip.Save(PretrainedModel.Untrained(TokenizerSamples.Tiktoken)),
        ["sentence pieces"] = ModelZip.Save(PretrainedModel.Untrained(TokenizerSamples.SentencePiece)),
        ["word pieces"] = ModelZip.Save(PretrainedModel.Untrained(TokenizerSamples.WordPiece)),
    });

    [TestMethod]
    [DataRow("words", 5)]
    [DataRow("byte pairs", 5)]
    [DataRow("adapted", 6)]
    [DataRow("byte-level BPE", 6)]
    [DataRow("tiktoken", 5)]
    [DataRow("sentence pieces", 5)]
    [DataRow("word pieces", 5)]
    public void The_list_holds_the_checksum_of_every_entry_of_the_component_but_itself(string model, int expected)
    {
        List<(string Name, byte[] Content)> entries = ModelZip.Entries(s_zips.Value[model]);
        int checkedEntries = 0;
        foreach ((string list, byte[] content) in entries.Where(entry => entry.Name.EndsWith(List, StringComparison.Ordinal)))
        {
            string folder = list[..^List.Length];
            var ours = entries.Where(entry => entry.Name.StartsWith(folder, StringComparison.Ordinal) && entry.Name != list)
                .Where(entry => !entry.Name.EndsWith("Model.key", StringComparison.Ordinal)).ToArray();
            Dictionary<string, string> hashes = JsonSerializer.Deserialize<Dictionary<string, string>>(content)!;
            Assert.AreSequenceEqual(
                ours.Select(entry => $"{entry.Name[folder.Length..]} {Convert.ToHexStringLower(SHA256.HashData(entry.Content))}")
                    .Order(StringComparer.Ordinal),
                hashes.Select(hash => $"{hash.Key} {hash.Value}").Order(StringComparer.Ordinal));
            checkedEntries += ours.Length;
        }

        Assert.AreEqual(expected, checkedEntries);
    }

    [TestMethod]
    [DataRow("words")]
    [DataRow("byte pairs")]
    [DataRow("adapted")]
    [DataRow("byte-level BPE")]
    [DataRow("tiktoken")]
    [DataRow("sentence pieces")]
    [DataRow("word pieces")]
    public void One_changed_bit_anywhere_in_an_entry_is_seen_and_the_entry_named(string model)
    {
        byte[] zip = s_zips.Value[model];
        foreach ((string name, byte[] content) in Ours(zip))
        {
            // The list itself is held by what it lists: some entry differs from it, or is not in it.
            string[] parts = name.EndsWith(List, StringComparison.Ordinal) ? [] : [$"'{name[(name.LastIndexOf('/') + 1)..]}'", "SHA-256"];
            for (int i = 0; i < 8; i++)
            {
                int at = (int)((content.Length - 1) * (i / 7.0));
                byte[] damaged = ModelZip.With(zip, name, bytes =>
                {
                    bytes[at] ^= (byte)(1 << i);
                    return bytes;
                });
                Errors.AssertThrows<FormatException>(() => ModelZip.Load(damaged), [.. parts, "model"]);
            }
        }
    }

    [TestMethod]
    public void An_entry_that_is_not_in_the_list_is_refused() => Errors.AssertThrows<FormatException>(
        () => ModelZip.Load(ModelZip.With(s_zips.Value["words"], "Transform_001/" + List, _ => "{}"u8.ToArray())),
        "'Settings.json'", "not in the list of checksums");

    [TestMethod]
    public void A_list_that_is_no_list_is_named() => Errors.AssertThrows<FormatException>(
        () => ModelZip.Load(ModelZip.With(s_zips.Value["words"], "Transform_001/" + List, _ => "[1]"u8.ToArray())), $"'{List}'");

    private static List<(string Name, byte[] Content)> Ours(byte[] zip)
    {
        List<(string Name, byte[] Content)> entries = ModelZip.Entries(zip);
        string[] folders = [.. entries.Select(entry => entry.Name).Where(name => name.EndsWith(List, StringComparison.Ordinal)).Select(FolderOf)];
        return [.. entries.Where(entry => folders.Contains(FolderOf(entry.Name)) && !entry.Name.EndsWith("Model.key", StringComparison.Ordinal))];
    }

    private static string FolderOf(string name) => name[..(name.LastIndexOf('/') + 1)];
}
