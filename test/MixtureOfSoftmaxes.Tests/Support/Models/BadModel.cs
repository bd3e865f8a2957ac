using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>A model file gone bad, and what a person must be told about it.</summary>
internal sealed record BadModel(string Name, byte[] Bytes, string Cause, string Remedy)
{
    private const string Restore = "Restore a copy of the file";

    // How ML.NET and reflection head what has gone wrong inside.
    private static readonly string[] s_wrappers =
    [
        "Error during class instantiation", "Exception has been thrown by the target", "TargetInvocationException", "Couldn't load model",
    ];

    /// <summary>The ways in which a good model of a tokenizer and a language model goes bad.</summary>
    public static IReadOnlyList<BadModel> Of(byte[] good) =>
    [
        new("empty", [], "no zip archive", Restore),
        new("cut short", good[..(good.Length / 2)], "not a whole one", Restore),
        new("no zip archive", "This is not a model."u8.ToArray(), "no zip archive", Restore),
        new("another zip archive", OtherZip(), "holds no model of ML.NET", "give the path of a saved one"),
        new("a damaged entry", Flip(good, "Weights.safetensors"), "'Weights.safetensors' is damaged", "restore a copy"),
        new("a damaged header", Overwrite(good, "Transform_001/Model.key"), "compression method", Restore),
        new(
            "newer", Newer(good), "'MosLanguageModel' is in format 9.1, and Microsoft.ML.MixtureOfSoftmaxes 0.1.0 reads up to 1.4",
            "Update the package"),
        new(
            "of an unknown part", Unknown(good),
            "No package here loads its part 'TransformerChain/Transform_001', 'Nobody'sageModel' in format 1.2.", Restore),
        new("made to fill the disk", Bomb(good), "would unpack to 200,0", Restore),
    ];

    /// <summary>Fails unless the message is one line that names the file, the cause and the remedy, and no wrapper.</summary>
    public void AssertExplained(string path, string message)
    {
        foreach (string part in new[] { $"'{path}'", Cause, Remedy })
        {
            Assert.Contains(part, message, StringComparison.Ordinal, Name);
        }

        foreach (string other in s_wrappers.Append("\n"))
        {
            Assert.DoesNotContain(other, message, StringComparison.Ordinal, Name);
        }
    }

    private static byte[] OtherZip()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            zip.CreateEntry("readme.txt");
        }

        return stream.ToArray();
    }

    private static byte[] Flip(byte[] good, string name)
    {
        byte[] bad = [.. good];
        Range data = Compressed(good, name);
        bad[(data.Start.Value + data.End.Value) / 2] ^= 0x55;
        return bad;
    }

    private static byte[] Overwrite(byte[] good, string name)
    {
        byte[] bad = [.. good];
        bad.AsSpan(Compressed(good, name)).Fill(0xff);
        return bad;
    }

    // Before an entry's bytes stand a header with the lengths of the name and of the extra field, and these two.
    private static Range Compressed(byte[] good, string name)
    {
        using var zip = new ZipArchive(new MemoryStream(good));
        ZipArchiveEntry entry = zip.Entries.Single(e => e.FullName.EndsWith(name, StringComparison.Ordinal));
        byte[] fullName = Encoding.UTF8.GetBytes(entry.FullName);
        int at = good.AsSpan().IndexOf(fullName);
        int start = at + fullName.Length + BinaryPrimitives.ReadUInt16LittleEndian(good.AsSpan(at - sizeof(ushort)));
        return start..(start + (int)entry.CompressedLength);
    }

    // ML.NET's model header has at 0x48 the version written and the oldest that can read it, and at 0x50 the loader's name.
    private static byte[] Newer(byte[] good) => Rewrite(good, "Model.key", key => Overwrite(key, 0x48, [1, 0, 9, 0, 1, 0, 9, 0]));

    private static byte[] Unknown(byte[] good) => Rewrite(good, "Model.key", key => Overwrite(key, 0x50, "Nobody's"u8));

    private static byte[] Bomb(byte[] good) => Rewrite(good, "Vocabulary.json", words => words.Write(new byte[200_000_000]));

    private static void Overwrite(Stream entry, int offset, ReadOnlySpan<byte> bytes)
    {
        entry.Position = offset;
        entry.Write(bytes);
    }

    private static byte[] Rewrite(byte[] good, string name, Action<Stream> change)
    {
        using var stream = new MemoryStream();
        stream.Write(good);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update))
        {
            using Stream entry = zip.GetEntry("TransformerChain/Transform_001/" + name)!.Open();
            change(entry);
        }

        return stream.ToArray();
    }
}
