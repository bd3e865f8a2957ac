using System.Text.Json;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// Writes a component into its folder of a model zip: the version header, JSON entries, binary entries, and last their checksums.
/// </summary>
internal sealed class ComponentWriter
{
    private readonly ModelSaveContext _ctx;
    private readonly Checksums _checksums = new();

    // *** Binary format of Model.key ***
    // ML.NET's model header and nothing after it: everything a component knows stands in entries of its own, by name.
    public ComponentWriter(ModelSaveContext ctx, ComponentIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        _ctx = ctx;
        _ctx.CheckAtModel();
        _ctx.SetVersionInfo(identity.ToVersionInfo());
    }

    public void WriteJson<T>(string entry, T value) => WriteBinary(entry, stream =>
        JsonSerializer.Serialize(stream, value, ComponentJson.Options));

    public void WriteBinary(string entry, Action<Stream> write) => Save(entry, stream => _checksums.WritePart(entry, stream, write));

    /// <summary>Writes the checksums of the entries so far; without them the component cannot be read.</summary>
    public void Finish() => Save(ComponentReader.ChecksumsEntry, _checksums.Write);

    private void Save(string entry, Action<Stream> write) =>
        _ctx.SaveBinaryStream(entry, writer =>
        {
            writer.Flush();
            write(writer.BaseStream);
        });
}
