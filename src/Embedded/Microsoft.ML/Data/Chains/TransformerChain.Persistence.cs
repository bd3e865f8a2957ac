using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(TransformerChain<ITransformer>), typeof(TransformerChain), null, typeof(SignatureLoadModel),
    "Transformer chain", TransformerChain.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Saves and loads chains.</summary>
internal static class TransformerChain
{
    public const string LoaderSignature = "TransformerChain";

    private static readonly VersionInfo Version = new(
        modelSignature: "XF CHAIN",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: LoaderAssemblies.Data,
        loaderSignature: LoaderSignature);

    // *** Binary format ***
    // int: number of transformers
    // int per transformer: its scope
    // directories Transform_000, Transform_001, ...: the transformers
    public static void Save(ModelSaveContext ctx, ITransformer[] transformers, TransformerScope[] scopes)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(transformers.Length);
        for (int i = 0; i < transformers.Length; i++)
        {
            ctx.Writer.Write((int)scopes[i]);
            ctx.SaveModel(transformers[i], DirectoryOf(i));
        }
    }

    private static TransformerChain<ITransformer> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        int count = ctx.Reader.ReadInt32();
        env.CheckDecode(count >= 0, $"A chain cannot have {count} transformers.");
        var transformers = new List<ITransformer>();
        var scopes = new List<TransformerScope>();
        for (int i = 0; i < count; i++)
        {
            scopes.Add((TransformerScope)ctx.Reader.ReadInt32());
            ctx.LoadModel<ITransformer, SignatureLoadModel>(env, out ITransformer transformer, DirectoryOf(i));
            transformers.Add(transformer);
        }

        return new TransformerChain<ITransformer>(transformers, scopes);
    }

    private static string DirectoryOf(int index) => $"Transform_{index:000}";
}
