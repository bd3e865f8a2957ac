using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// <c>Model.Load</c> with errors for people. ML.NET makes components by reflection, which wraps what a loader throws, and wraps it
/// again for the chain around it; what ML.NET throws itself says neither which file it was nor what to do.
/// </summary>
internal static class ModelLoader
{
    private const string Remedy = "Restore a copy of the file, or load it with the packages that it was saved with.";
    private const string NoLoader = "Couldn't load model";

    // Weights hardly shrink in a zip archive, and words and JSON to a tenth.
    private const long AlwaysUnpacked = 64L << 20;
    private const long LargestRatio = 100;

    public static ITransformer Load(MLContext context, string path, out DataViewSchema inputSchema)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no model file '{path}': give the path of a saved model.", path);
        }

        using FileStream stream = File.OpenRead(path);
        try
        {
            UnpackingFolder.Check(context, CheckThatItIsAModel(stream));
            return context.Model.Load(stream, out inputSchema);
        }
        catch (Exception e)
        {
            throw Explain(stream, path, CauseOf(e), e);
        }
    }

    /// <summary>What went wrong, without the wrappers that reflection and ML.NET put around it.</summary>
    public static Exception CauseOf(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: Exception inner } => CauseOf(inner),
        TypeInitializationException { InnerException: Exception inner } => CauseOf(inner),
        InvalidOperationException { InnerException: TargetInvocationException inner } => CauseOf(inner),
        _ => exception,
    };

    // How long its entries are when they are unpacked.
    private static long CheckThatItIsAModel(FileStream stream)
    {
        if (!stream.CanSeek)
        {
            throw new ModelFormatException("It is a pipe, and the contents of a zip archive stand at its end: write it to a file first.");
        }

        long length;
        using (ZipArchive zip = Open(stream))
        {
            if (!zip.Entries.Any(entry => entry.Name is "Model.key" or "Model.bin"))
            {
                throw new ModelFormatException("It is a zip archive that holds no model of ML.NET: give the path of a saved one.");
            }

            // ML.NET unpacks entries to the disk, whatever their size, before a component reads them.
            double unpacked = zip.Entries.Sum(entry => (double)entry.Length);
            if (unpacked > AlwaysUnpacked + (LargestRatio * stream.Length))
            {
                throw new InvalidDataException($"It has {stream.Length:N0} bytes, and would unpack to {unpacked:N0}, more than any model does");
            }

            length = (long)unpacked;
        }

        stream.Position = 0;
        return length;
    }

    private static ZipArchive Open(FileStream stream)
    {
        try
        {
            var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            _ = zip.Entries; // Reads the directory.
            return zip;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"It is no zip archive, as models are, or not a whole one: {e.Message}", e);
        }
    }

    // What is not the file's fault, such as a GPU that is not there, keeps its own remedy.
    internal static Exception Explain(Stream stream, string path, Exception cause, Exception error)
    {
        string reason = cause is GpuFailureException or InsufficientMemoryException ? cause.Message
            : GpuFailure.Is(cause) ? GpuFailure.Explain(cause)
            : OutOfMemory.Is(cause) ? "Memory ran out. Free some, on a GPU by ending what else computes there, or take another device."
            : OptionRange.MessageOf(cause).ReplaceLineEndings(" ").TrimEnd();
        if (reason.StartsWith(NoLoader, StringComparison.Ordinal))
        {
            reason = $"No package here loads its part {UnknownPart.Describe(stream, reason[NoLoader.Length..])}.";
        }

        string message = $"Cannot load '{path}' as a model: {reason}";
        return cause switch
        {
            ModelFormatException => new InvalidDataException(message, error),
            FormatException or InvalidDataException or IOException or ArgumentException or ArithmeticException =>
                new InvalidDataException($"{message.TrimEnd('.')}. {Remedy}", error),
            _ => new InvalidOperationException(message, error),
        };
    }
}
