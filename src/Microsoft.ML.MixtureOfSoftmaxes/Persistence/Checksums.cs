using System.Text.Json;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// The SHA-256 of each part of what is saved, by name: the entries of a component, or the files of a checkpoint. The list is saved after
/// the parts, as one of its own, and needs no checksum: where it changes, a part and its checksum differ.
/// </summary>
internal sealed class Checksums(IDictionary<string, string> hashes)
{
    public Checksums() : this(new Dictionary<string, string>(StringComparer.Ordinal))
    {
    }

    /// <exception cref="JsonException">It is no such list.</exception>
    public static Checksums Read(Stream stream) =>
        new(JsonSerializer.Deserialize<Dictionary<string, string>>(stream, ComponentJson.Options) ?? throw new JsonException("It is null."));

    /// <summary>Writes the list.</summary>
    public void Write(Stream stream) => JsonSerializer.Serialize(stream, hashes, ComponentJson.Options);

    /// <summary>Writes a part, and notes its checksum.</summary>
    public void WritePart(string name, Stream stream, Action<Stream> write) => hashes[name] = Sha256.OfWritten(stream, write);

    /// <summary>Notes a checksum that stood elsewhere, as it did before there were lists.</summary>
    public void Add(string name, string hash) => hashes.Add(name, hash);

    public bool Contains(string name) => hashes.ContainsKey(name);

    /// <summary>Checks a part from its start, and goes back there.</summary>
    /// <exception cref="InvalidDataException">It has another checksum than was noted, or none was.</exception>
    public void Check(string name, Stream stream)
    {
        if (!hashes.TryGetValue(name, out string? expected))
        {
            throw new InvalidDataException("Its SHA-256 is not in the list of checksums.");
        }

        string actual = Sha256.Of(stream);
        if (actual != expected)
        {
            throw new InvalidDataException($"Its SHA-256 is {actual}, but {expected} was written.");
        }

        stream.Position = 0;
    }
}
