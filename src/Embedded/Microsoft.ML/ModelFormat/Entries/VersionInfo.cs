using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// What a component notes in the header of its entry: its kind, its format versions, and how to find its loader.
/// </summary>
internal readonly struct VersionInfo
{
    public readonly ulong ModelSignature;
    public readonly uint VerWrittenCur;
    public readonly uint VerReadableCur;
    public readonly uint VerWeCanReadBack;
    public readonly string LoaderAssemblyName;
    public readonly string? LoaderSignature;
    public readonly string? LoaderSignatureAlt;

    /// <param name="modelSignature">Eight characters up to U+00FF; a space is stored as zero.</param>
    /// <param name="verWrittenCur">The version this code writes, and the newest it reads.</param>
    /// <param name="verReadableCur">The oldest code that can read what this code writes.</param>
    /// <param name="verWeCanReadBack">The oldest version this code reads.</param>
    /// <param name="loaderAssemblyName">The full name of the assembly with the loader.</param>
    /// <param name="loaderSignature">The name the loader is registered under, at most 24 characters.</param>
    /// <param name="loaderSignatureAlt">A second such name, tried after the first.</param>
    public VersionInfo(
        string modelSignature,
        uint verWrittenCur,
        uint verReadableCur,
        uint verWeCanReadBack,
        string loaderAssemblyName,
        string? loaderSignature = null,
        string? loaderSignatureAlt = null)
    {
        Contracts.Check(
            modelSignature is { Length: 8 } && modelSignature.All(c => c <= '\u00FF'), "Model signature must be eight characters");
        for (int i = 0; i < modelSignature.Length; i++)
            ModelSignature |= (modelSignature[i] == ' ' ? 0ul : modelSignature[i]) << (8 * i);
        VerWrittenCur = verWrittenCur;
        VerReadableCur = verReadableCur;
        VerWeCanReadBack = verWeCanReadBack;
        LoaderAssemblyName = loaderAssemblyName;
        LoaderSignature = loaderSignature;
        LoaderSignatureAlt = loaderSignatureAlt;
    }
}
