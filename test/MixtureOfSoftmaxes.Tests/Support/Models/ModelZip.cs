using System.IO.Compression;
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

    public static byte[] Entry(byte[] zip, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return Read(archive.Entries.Single(entry => entry.FullName.EndsWith(name, StringComparison.Ordinal)));
    }

    /// <summary>A network of the given shape with the weights of a model.</summary>
    public static LanguageModelNetwork Network(ITransformer model, NetworkShape shape)
    {
        var network = new LanguageModelNetwork(shape, CPU);
        Safetensors.ReadInto(new MemoryStream(Entry(Save(model), "Weights.safetensors")), network.state_dict());
        return network;
    }

    /// <summary>The zip with one entry changed, or left out where the change gives null.</summary>
    public static byte[] With(byte[] zip, string name, Func<byte[], byte[]?> change)
    {
        using var memory = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(zip)))
        using (var target = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            Assert.AreEqual(1, source.Entries.Count(entry => entry.FullName.EndsWith(name, StringComparison.Ordinal)), name);
            foreach (ZipArchiveEntry entry in source.Entries)
            {
                byte[] content = Read(entry);
                byte[]? changed = entry.FullName.EndsWith(name, StringComparison.Ordinal) ? change(content) : content;
                if (changed is not null)
                {
                    using Stream stream = target.CreateEntry(entry.FullName).Open();
                    stream.Write(changed);
                }
            }
        }

        return memory.ToArray();
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
