namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// What ML.NET's model header says of a component: which code wrote it and which code can read it back.
/// </summary>
/// <param name="ModelSignature">Exactly eight ASCII characters.</param>
/// <param name="LoaderSignature">At most 24 ASCII characters; the loader is registered under this name.</param>
/// <param name="Version">The format version written, as 0x00010001 for 1.1.</param>
/// <param name="OldestReadable">The oldest format version that this code still reads.</param>
internal sealed record ComponentIdentity(string ModelSignature, string LoaderSignature, uint Version, uint OldestReadable)
{
    public VersionInfo ToVersionInfo() => new(
        modelSignature: ModelSignature,
        verWrittenCur: Version,
        verReadableCur: Version,
        verWeCanReadBack: OldestReadable,
        loaderAssemblyName: typeof(ComponentIdentity).Assembly.FullName!,
        loaderSignature: LoaderSignature);
}
