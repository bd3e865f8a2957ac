namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// Where ML.NET packs and unpacks models: each entry of a zip is a file there, before it goes in and after it comes out. It is the context's
/// TempFilePath, by default the system's folder for temporary files.
/// </summary>
internal static class UnpackingFolder
{
    /// <param name="context">The one that loads or saves.</param>
    /// <param name="bytes">The length of the entries; 0 if it is not known.</param>
    /// <exception cref="InvalidOperationException">The folder cannot be written, or is too full.</exception>
    public static void Check(MLContext context, long bytes)
    {
        try
        {
            WritableFolder.Check(
                context.TempFilePath, bytes, "where ML.NET packs and unpacks models",
                "Set TMPDIR (on Windows TMP), or MLContext.TempFilePath, to a folder that can be written and has room.");
        }
        catch (IOException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }
}
