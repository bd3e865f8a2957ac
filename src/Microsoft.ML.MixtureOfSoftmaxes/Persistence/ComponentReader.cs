using System.Reflection;
using System.Text.Json;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// Reads back what <see cref="ComponentWriter"/> wrote. Each entry is held to its checksum before it is read. An entry that is missing or
/// makes no sense is a <see cref="ModelFormatException"/>.
/// </summary>
internal sealed class ComponentReader
{
    /// <summary>The entry that lists the checksums of the others.</summary>
    public const string ChecksumsEntry = "Checksums.json";

    // Far above what there is to say, and far below what memory holds.
    private const long LongestSettings = 1L << 20;
    private const long LongestTexts = 512L << 20;

    private static readonly AssemblyName s_library = typeof(ComponentReader).Assembly.GetName();

    private readonly ModelLoadContext _ctx;
    private readonly Checksums _checksums = new();
    private readonly bool _hasChecksums;

    /// <param name="env">Takes the warning that a model has no checksums.</param>
    /// <param name="ctx">Where the component is.</param>
    /// <param name="identity">What it must be.</param>
    /// <exception cref="ModelFormatException">It is of a newer format, or damaged.</exception>
    public ComponentReader(IHostEnvironment env, ModelLoadContext ctx, ComponentIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        _ctx = ctx;
        CheckVersion(identity);
        _hasChecksums = TryRead(ChecksumsEntry, LongestSettings, Checksums.Read, out Checksums? checksums);
        if (_hasChecksums)
        {
            _checksums = checksums!;
        }
        else if (ctx.Header.ModelVerWritten >= ComponentIdentity.FirstWithChecksums)
        {
            throw Missing(ChecksumsEntry);
        }
        else
        {
            using IChannel channel = env.Register(identity.LoaderSignature).Start("Loading a model");
            channel.Warning(
                MessageSensitivity.None,
                "The model's part '{0}' was saved by an earlier version, without checksums of all entries: damage to it may go unseen. " +
                "Saving it again adds them.",
                identity.LoaderSignature);
        }
    }

    /// <summary>Notes the checksum of an entry that an earlier version put elsewhere than into the list.</summary>
    public void AddChecksum(string entry, string hash) => _checksums.Add(entry, hash);

    /// <summary>Settings, held to their ranges.</summary>
    /// <param name="entry">The entry's name.</param>
    /// <param name="validate">Throws an <see cref="ArgumentException"/> where one is out of its range.</param>
    public T ReadSettings<T>(string entry, Action<T> validate) => Read(entry, LongestSettings, stream =>
    {
        T settings = Deserialize<T>(stream);
        validate(settings);
        return settings;
    });

    /// <summary>What a list of texts stands for.</summary>
    /// <param name="entry">The entry's name.</param>
    /// <param name="make">Throws an <see cref="ArgumentException"/> or <see cref="FormatException"/> where they stand for nothing.</param>
    public T ReadTexts<T>(string entry, Func<string[], T> make) => Read(entry, LongestTexts, stream =>
    {
        string?[] texts = Deserialize<string?[]>(stream);
        int missing = Array.IndexOf(texts, null);
        return missing < 0 ? make(texts!) : throw new InvalidDataException($"Text {missing} is null.");
    });

    /// <param name="entry">The entry's name.</param>
    /// <param name="read">Is given a stream that can be sought and knows its length.</param>
    public T ReadBinary<T>(string entry, Func<Stream, T> read) => Read(entry, long.MaxValue, read);

    /// <summary>A file that is kept as it was given, as of a tokenizer.</summary>
    /// <param name="entry">The entry's name.</param>
    /// <param name="longest">The most bytes that it has.</param>
    public byte[] ReadFile(string entry, long longest) => Read(entry, longest, stream =>
    {
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    });

    /// <summary>What is to be thrown where an entry can be read but makes no sense.</summary>
    public static ModelFormatException Malformed(string entry, string reason, Exception? inner = null) =>
        new($"The model's entry '{entry}' is damaged: {reason} Save the model again or restore a copy.", inner);

    private static T Deserialize<T>(Stream stream) =>
        JsonSerializer.Deserialize<T>(stream, ComponentJson.Options) ?? throw new JsonException("It is null.");

    private T Read<T>(string entry, long longest, Func<Stream, T> read)
    {
        bool isThere = TryRead(entry, longest, CheckAndRead, out T? value);
        return isThere ? value! : throw Missing(entry);

        T CheckAndRead(Stream stream)
        {
            if (_hasChecksums || _checksums.Contains(entry))
            {
                _checksums.Check(entry, stream);
            }

            return read(stream);
        }
    }

    private bool TryRead<T>(string entry, long longest, Func<Stream, T> read, out T? value)
    {
        T? result = default;
        try
        {
            bool isThere = _ctx.TryLoadBinaryStream(entry, reader =>
            {
                Stream stream = reader.BaseStream;
                if (stream.Length > longest)
                {
                    throw new InvalidDataException($"It unpacks to {stream.Length:N0} bytes, and never has more than {longest:N0}.");
                }

                result = read(stream);
            });
            value = result;
            return isThere;
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or JsonException or ArgumentException
            || (e is FormatException and not ModelFormatException))
        {
            throw Malformed(entry, OptionRange.MessageOf(e), e);
        }
    }

    private static ModelFormatException Missing(string entry) =>
        new($"The model has no entry '{entry}' that can be read. The file is incomplete: save the model again or restore a copy.");

    // ML.NET's own messages speak of versions of ML.NET.
    private void CheckVersion(ComponentIdentity identity)
    {
        ModelHeader header = _ctx.Header;
        if (header.ModelSignature == identity.ToVersionInfo().ModelSignature && header.ModelVerWritten > identity.Version)
        {
            throw new ModelFormatException(
                $"The model's part '{identity.LoaderSignature}' is in format {ComponentIdentity.Show(header.ModelVerWritten)}, and " +
                $"{s_library.Name} {s_library.Version!.ToString(3)} reads up to {ComponentIdentity.Show(identity.Version)}: a newer one saved it. " +
                "Update the package, or save the model with this one.");
        }

        try
        {
            _ctx.CheckAtModel(identity.ToVersionInfo());
        }
        catch (FormatException e)
        {
            throw new ModelFormatException(
                $"The model's part '{identity.LoaderSignature}' has a damaged header: restore a copy of the file.", e);
        }
    }
}
