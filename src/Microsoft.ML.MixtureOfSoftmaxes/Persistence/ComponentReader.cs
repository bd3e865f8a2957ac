using System.Text.Json;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>Reads back what <see cref="ComponentWriter"/> wrote. A missing or malformed entry is a <see cref="FormatException"/>.</summary>
internal sealed class ComponentReader
{
    private readonly ModelLoadContext _ctx;

    public ComponentReader(ModelLoadContext ctx, ComponentIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        _ctx = ctx;
        _ctx.CheckAtModel(identity.ToVersionInfo());
    }

    public T ReadJson<T>(string entry)
    {
        T? value = default;
        bool found = _ctx.TryLoadTextStream(entry, reader =>
        {
            try
            {
                value = JsonSerializer.Deserialize<T>(reader.ReadToEnd(), ComponentJson.Options);
            }
            catch (JsonException e)
            {
                throw Malformed(entry, e.Message, e);
            }
        });
        return found && value is not null ? value : throw Missing(entry);
    }

    public T ReadBinary<T>(string entry, Func<Stream, T> read)
    {
        T? value = default;
        bool found = _ctx.TryLoadBinaryStream(entry, reader =>
        {
            try
            {
                value = read(reader.BaseStream);
            }
            catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
            {
                throw Malformed(entry, e.Message, e);
            }
        });
        return found ? value! : throw Missing(entry);
    }

    /// <summary>What is to be thrown where an entry can be read but makes no sense.</summary>
    public static FormatException Malformed(string entry, string reason, Exception inner) =>
        new($"The model's entry '{entry}' is damaged: {reason} Save the model again or restore a copy.", inner);

    private static FormatException Missing(string entry) =>
        new($"The model has no entry '{entry}' that can be read. The file is incomplete: save the model again or restore a copy.");
}
