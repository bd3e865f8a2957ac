namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>Errors of what is imported, with the path that was given.</summary>
internal static class ImportError
{
    /// <exception cref="InvalidDataException">What <paramref name="read"/> found wrong, and in which file.</exception>
    public static T Naming<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"Cannot import '{path}': {e.Message}", e);
        }
    }
}
