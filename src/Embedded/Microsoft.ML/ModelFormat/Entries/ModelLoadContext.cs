using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component reads its model: its own entry, further entries beside it, and sub-models below it.</summary>
internal sealed partial class ModelLoadContext : IDisposable
{
    public readonly RepositoryReader? Repository;
    public readonly string? Directory;
    public readonly BinaryReader Reader;
    public readonly string[] Strings;
    public readonly string? LoaderAssemblyName;
    public readonly long FpMin;
    internal ModelHeader Header;

    private readonly IExceptionContext? _context;
    private readonly string _source;

    /// <summary>Reads an entry of a repository, which the caller owns.</summary>
    internal ModelLoadContext(RepositoryReader rep, Repository.Entry ent, string? dir)
        : this(
            new BinaryReader(ent.Stream, Encoding.UTF8, leaveOpen: true),
            rep.ExceptionContext,
            $"Entry '{ent.Path}' of {rep.Source}")
    {
        Repository = rep;
        Directory = dir;
    }

    /// <summary>Reads a stream that the caller owns; there are no sub-models and no further entries.</summary>
    internal ModelLoadContext(BinaryReader reader, IExceptionContext? ectx = null)
        : this(reader, ectx, "The stream")
    {
    }

    private ModelLoadContext(BinaryReader reader, IExceptionContext? ectx, string source)
    {
        _context = ectx;
        _source = source;
        Reader = reader;
        FpMin = reader.BaseStream.Position;
        try
        {
            Header = ModelHeader.Read(reader);
            Header.Validate(reader.BaseStream.Length - FpMin);
            Strings = ReadStrings();
            LoaderAssemblyName = ReadLoaderAssemblyName();
            Seek(Header.FpTail);
            ModelHeader.Demand(reader.ReadUInt64() == ModelHeader.TailSignatureValue, "its tail is corrupt");
            Seek(Header.FpModel);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            string defect = e is InvalidDataException ? e.Message : "it is shorter than its header";
            throw ectx.ExceptDecode($"{source} is no readable model: {defect}.", e);
        }
    }

    public bool InRepository => Repository is not null;

    /// <summary>Throws unless nothing has been read yet.</summary>
    public void CheckAtModel() => _context.Check(
        Reader.BaseStream.Position == FpMin + Header.FpModel, "The component has already read from this context.");

    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        CheckVersionInfo(ver);
    }

    /// <summary>Throws unless code of version <paramref name="ver"/> can read this entry.</summary>
    public void CheckVersionInfo(VersionInfo ver)
    {
        if (Header.ModelSignature != ver.ModelSignature)
            throw _context.ExceptDecode($"{_source} is not of the kind that the loader '{ver.LoaderSignature}' reads.");
        if (Header.ModelVerReadable > Header.ModelVerWritten)
            throw _context.ExceptDecode($"{_source} is no readable model: its header is corrupt.");
        if (Header.ModelVerReadable > ver.VerWrittenCur)
        {
            throw _context.ExceptDecode(
                $"{_source} has format version {ModelHeader.VersionText(Header.ModelVerReadable)} of '{ver.LoaderSignature}', " +
                $"newer than {ModelHeader.VersionText(ver.VerWrittenCur)}, the newest this library reads. Load the model with " +
                "the version of the library that wrote it, or a newer one.");
        }

        if (Header.ModelVerWritten < ver.VerWeCanReadBack)
        {
            throw _context.ExceptDecode(
                $"{_source} has format version {ModelHeader.VersionText(Header.ModelVerWritten)} of '{ver.LoaderSignature}', " +
                $"older than {ModelHeader.VersionText(ver.VerWeCanReadBack)}, the oldest this library reads. Train and save the " +
                "model again.");
        }
    }

    public string? LoadStringOrNull()
    {
        int id = Reader.ReadInt32();
        return id == -1 ? null : StringAt(id);
    }

    public string LoadString() => StringAt(Reader.ReadInt32());

    public string LoadNonEmptyString()
    {
        string str = LoadString();
        _context.CheckDecode(str.Length > 0, $"{_source} is corrupt: an empty string stands where a name must.");
        return str;
    }

    /// <summary>Throws unless the component has read all its bytes, then closes the reader.</summary>
    public void Done()
    {
        _context.CheckDecode(
            Reader.BaseStream.Position == FpMin + Header.FpModel + Header.CbModel,
            $"{_source} is corrupt: its component has {Header.CbModel} bytes, but its loader reads another number.");
        Seek(Header.FpLim);
        Dispose();
    }

    /// <summary>Closes the reader of an entry; a stream stays open.</summary>
    public void Dispose()
    {
        if (InRepository)
            Reader.Dispose();
    }

    private string StringAt(int id)
    {
        _context.CheckDecode((uint)id < (uint)Strings.Length, $"{_source} is corrupt: it has no string {id}.");
        return Strings[id];
    }

    private string[] ReadStrings()
    {
        if (Header.FpStringTable == 0)
            return [];
        Seek(Header.FpStringTable);
        var ends = new long[Header.CbStringTable / sizeof(long)];
        for (int i = 0; i < ends.Length; i++)
        {
            ends[i] = Reader.ReadInt64();
            ModelHeader.Demand(
                ends[i] >= (i == 0 ? 0 : ends[i - 1]) && ends[i] <= Header.CbStringChars && ends[i] % sizeof(char) == 0,
                "its string table is corrupt");
        }

        ModelHeader.Demand(ends[^1] == Header.CbStringChars, "its string table is corrupt");
        var strings = new string[ends.Length];
        for (int i = 0; i < strings.Length; i++)
            strings[i] = Reader.ReadUtf16((int)((ends[i] - (i == 0 ? 0 : ends[i - 1])) / sizeof(char)));
        return strings;
    }

    private string? ReadLoaderAssemblyName()
    {
        if (Header.VerWritten < ModelHeader.VerAssemblyName || Header.FpAssemblyName == 0)
            return null;
        Seek(Header.FpAssemblyName);
        return Reader.ReadUtf16((int)(Header.CbAssemblyName / sizeof(char)));
    }

    private void Seek(long position) => Reader.BaseStream.Position = FpMin + position;
}
