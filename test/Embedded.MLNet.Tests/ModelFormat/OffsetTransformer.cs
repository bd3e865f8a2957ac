using Embedded.MLNet.Tests.ModelFormat;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(OffsetTransformer), null, typeof(SignatureLoadModel), "Offset", OffsetTransformer.LoaderSignature)]

namespace Embedded.MLNet.Tests.ModelFormat;

/// <summary>
/// A component of an assembly that the library does not know: it passes data on, and keeps a number, a name and a file.
/// </summary>
internal sealed class OffsetTransformer(int offset, string name, byte[] weights) : ITransformer
{
    public const string LoaderSignature = "OffsetOfTests";

    public static readonly VersionInfo Version = new(
        "OFF SETT", 0x00020003, 0x00020001, 0x00020001, typeof(OffsetTransformer).Assembly.FullName!, LoaderSignature);

    public int Offset => offset;

    public string Name => name;

    public byte[] Weights => weights;

    public bool IsRowToRowMapper => false;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public IDataView Transform(IDataView input) => input;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

    public void Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(offset);
        ctx.SaveNonEmptyString(name);
        if (weights.Length > 0)
            ctx.SaveBinaryStream("Weights", writer => writer.Write(weights));
    }

    private static OffsetTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        int offset = ctx.Reader.ReadInt32();
        string name = ctx.LoadNonEmptyString();
        byte[] weights = [];
        ctx.TryLoadBinaryStream("Weights", reader => weights = reader.ReadBytes((int)reader.BaseStream.Length));
        return new OffsetTransformer(offset, name, weights);
    }
}
