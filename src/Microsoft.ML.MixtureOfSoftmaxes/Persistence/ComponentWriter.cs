using System.Text.Json;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>Writes a component into its folder of a model zip: the version header, JSON entries, binary entries.</summary>
internal sealed class ComponentWriter
{
    private readonly ModelSaveContext _ctx;

    // *** Binary format of Model.key ***
    // ML.NET's model header and nothing after it: everything a component knows stands in entries of its own, by name.
    public ComponentWriter(ModelSaveContext ctx, ComponentIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        _ctx = ctx;
        _ctx.CheckAtModel();
        _ctx.SetVersionInfo(identity.ToVersionInfo());
    }

    public void WriteJson<T>(string entry, T value) =>
        _ctx.SaveTextStream(entry, writer => writer.Write(JsonSerializer.Serialize(value, ComponentJson.Options)));

    public void WriteBinary(string entry, Action<Stream> write) =>
        _ctx.SaveBinaryStream(entry, writer =>
        {
            writer.Flush();
            write(writer.BaseStream);
        });
}
