using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Model files as bytes, and their entries by the end of their names.</summary>
internal static class ModelZip
{
    public static byte[] Save(ITransformer model)
    {
        var ml = new MLContext();
        using var stream = new MemoryStream();
        ml.Model.Save(model, ml.Texts().Schema, stream);
        return stream.ToArray();
    }

    public static ITransformer Load(byte[] zip) => new MLContext().Model.Load(new MemoryStream(zip), out _);

    public static byte[] Entry(byte[] zip, string name) =>
        Entries(zip).Single(entry => entry.Name.EndsWith(name, StringComparison.Ordinal)).Content;

    /// <summary>A network of the given shape with the weights of a model.</summary>
    public static LanguageModelNetwork Network(ITransformer model, NetworkShape shape)
    {
        var network = new LanguageModelNetwork(shape, CPU);
        Safetensors.ReadInto(new MemoryStream(Entry(Save(model), "Weights.safetensors")), network.state_dict());
        return network;
    }

    /// <summary>The zip with one entry changed, or left out where the change gives null, as damage does it: its checksum is as before.</summary>
    public static byte[] With(byte[] zip, string name, Func<byte[], byte[]?> change)
    {
        List<(string Name, byte[] Content)> entries = Entries(zip);
        int index = IndexOf(entries, name);
        byte[]? changed = change(entries[index].Content);
        entries[index] = (entries[index].Name, changed ?? []);
        if (changed is null)
        {
            entries.RemoveAt(index);
        }

        return Write(entries);
    }

    /// <summary>The zip with one entry changed and its checksum with it, as by someone who means it.</summary>
    public static byte[] WithSealed(byte[] zip, string name, Func<byte[], byte[]> change)
    {
        List<(string Name, byte[] Content)> entries = Entries(zip);
        int index = IndexOf(entries, name);
        string fullName = entries[index].Name;
        byte[] changed = change(entries[index].Content);
        entries[index] = (fullName, changed);
        int folder = fullName.LastIndexOf('/') + 1;
        int list = entries.FindIndex(entry => entry.Name == fullName[..folder] + "Checksums.json");
        JsonNode checksums = JsonNode.Parse(entries[list].Content)!;
        checksums[fullName[folder..]] = Convert.ToHexStringLower(SHA256.HashData(changed));
        entries[list] = (entries[list].Name, Encoding.UTF8.GetBytes(checksums.ToJsonString()));
        return Write(entries);
    }

    /// <summary>The full names of the entries and what is in them.</summary>
    public static List<(string Name, byte[] Content)> Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return [.. archive.Entries.Select(entry => (entry.FullName, Read(entry)))];
    }

    public static byte[] Write(IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream stream = archive.CreateEntry(name).Open();
                stream.Write(content);
            }
        }

        return memory.ToArray();
    }

    private static int IndexOf(List<(string Name, byte[] Content)> entries, string name)
    {
        Assert.AreEqual(1, entries.Count(entry => entry.Name.EndsWith(name, StringComparison.Ordinal)), name);
        return entries.FindIndex(entry => entry.Name.EndsWith(name, StringComparison.Ordinal));
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
