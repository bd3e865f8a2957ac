namespace WeakenVersion;

/// <summary>
/// The one reference of TorchSharp's native library to a C++ runtime newer than GCC 12's: a marker that GCC 13 leaves in what it
/// compiles, which is never called. The loader of an older system refuses the file for it, unless the reference is marked weak.
/// </summary>
public static class MarkerReference
{
    public const string Library = "libstdc++.so.6";
    public const string Version = "GLIBCXX_3.4.32";
    public const string Symbol = "_ZSt21ios_base_library_initv";

    /// <summary>
    /// Marks the version reference weak where it is there for the marker alone; a file without it, or with it marked, stays as
    /// it is.
    /// </summary>
    /// <param name="image">A 64-bit little-endian ELF file, changed in place by one bit.</param>
    /// <returns>Whether the image was changed.</returns>
    /// <exception cref="BadImageFormatException">
    /// The image is no such file, is cut short, or needs the version for more than the marker.
    /// </exception>
    public static bool Weaken(Span<byte> image)
    {
        var file = new SharedLibrary(image);
        foreach (VersionReference reference in file.VersionReferences())
        {
            if (reference.Library != Library || reference.Version != Version)
            {
                continue;
            }

            foreach (string symbol in file.UndefinedSymbols(reference.Index))
            {
                if (symbol != Symbol)
                {
                    throw new BadImageFormatException(
                        $"It calls {symbol} of {Library} {Version}: it runs only where that is installed. " +
                        "Take another version of TorchSharp.");
                }
            }

            return file.MarkWeak(reference);
        }

        return false;
    }
}
