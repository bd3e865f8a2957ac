using System.Text.Json;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// Reads back what <see cref="ComponentWriter"/> wrote. A missing or malformed entry is a <see cref="ModelFormatException"/>.
/// </summary>
internal sealed class ComponentReader
{
    private static readonly string s_library = typeof(ComponentReader).Assembly.GetName().Name!;

    private readonly ModelLoadContext _ctx;

    public ComponentReader(ModelLoadContext ctx, ComponentIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        _ctx = ctx;
        try
        {
            _ctx.CheckAtModel(identity.ToVersionInfo());
        }
        catch (FormatException e)
        {
            // ML.NET's own message speaks of versions of ML.NET.
            throw new ModelFormatException(
                $"The model's part '{identity.LoaderSignature}' is in a format that this version of {s_library} does not read: " +
                "a newer one saved it, or the file is damaged. Update the package, or restore a copy of the file.",
                e);
        }
    }

    public T ReadJson<T>(string entry) =>
        ReadBinary(entry, stream => JsonSerializer.Deserialize<T>(stream, ComponentJson.Options)) ?? throw Missing(entry);

    public T ReadBinary<T>(string entry, Func<Stream, T> read)
    {
        T? value = default;
        try
        {
            return _ctx.TryLoadBinaryStream(entry, reader => value = read(reader.BaseStream)) ? value! : throw Missing(entry);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or JsonException)
        {
            throw Malformed(entry, e.Message, e);
        }
    }

    /// <summary>What is to be thrown where an entry can be read but makes no sense.</summary>
    public static ModelFormatException Malformed(string entry, string reason, Exception? inner = null) =>
        new($"The model's entry '{entry}' is damaged: {reason} Save the model again or restore a copy.", inner);

    private static ModelFormatException Missing(string entry) =>
        new($"The model has no entry '{entry}' that can be read. The file is incomplete: save the model again or restore a copy.");
}
