using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ITransformer), typeof(CustomMappingModel), null, typeof(SignatureLoadModel), "", CustomMappingModel.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>What a model keeps of a custom mapping: its contract, and the assembly to look for it.</summary>
internal static class CustomMappingModel
{
    public const string LoaderSignature = "CustomTransformer";

    private const uint VersionWithAssembly = 0x00010002;

    private static readonly VersionInfo Version =
        new("CUSTOMXF", VersionWithAssembly, VersionWithAssembly, 0x00010001, LoaderAssemblies.Transforms, LoaderSignature);

    // *** Binary format ***
    // string id of the contract
    // string id of the full name of the assembly
    public static void Save(ModelSaveContext ctx, string contractName, string contractAssembly)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.SaveString(contractName);
        ctx.SaveString(contractAssembly);
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        string contractName = ctx.LoadString();
        if (ctx.Header.ModelVerWritten >= VersionWithAssembly)
            LoaderAssemblies.Register(env, ctx.LoadString(), $"The custom mapping '{contractName}'");
        object factory = env.ComponentCatalog.GetExtensionValue(env, typeof(CustomMappingFactoryAttributeAttribute), contractName);
        return (factory as ICustomMappingFactory)?.CreateTransformer(env, contractName) ?? throw env.Except(
            $"The class with contract '{contractName}' must derive from '{typeof(CustomMappingFactory<,>).FullName}'.");
    }
}
