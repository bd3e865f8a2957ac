namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// What ML.NET's model header says of a component: which code wrote it and which code can read it back.
/// </summary>
/// <param name="ModelSignature">Exactly eight ASCII characters.</param>
/// <param name="LoaderSignature">At most 24 ASCII characters; the loader is registered under this name.</param>
/// <param name="Version">The format version written, and the newest that is read, as 0x00010001 for 1.1.</param>
/// <param name="OldestReadable">The oldest format version that this code still reads.</param>
internal sealed record ComponentIdentity(string ModelSignature, string LoaderSignature, uint Version, uint OldestReadable)
{
    /// <summary>The format version from which on a component has a list of checksums, 1.2.</summary>
    public const uint FirstWithChecksums = 0x00010002;

    /// <summary>A format version as it is spoken of.</summary>
    public static string Show(uint version) => FormattableString.Invariant($"{version >> 16}.{version & 0xFFFF}");

    public VersionInfo ToVersionInfo() => new(
        modelSignature: ModelSignature,
        verWrittenCur: Version,
        verReadableCur: Version,
        verWeCanReadBack: OldestReadable,
        loaderAssemblyName: typeof(ComponentIdentity).Assembly.FullName!,
        loaderSignature: LoaderSignature);
}
