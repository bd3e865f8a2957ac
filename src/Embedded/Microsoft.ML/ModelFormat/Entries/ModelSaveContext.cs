using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Where a component writes its model: an entry of its own, further entries beside it, and sub-models below it.
/// </summary>
public sealed class ModelSaveContext : IDisposable
{
    internal readonly RepositoryWriter? Repository;
    internal readonly string? Directory;
    internal readonly BinaryWriter Writer;
    internal readonly StringPool Strings = new();
    internal readonly long FpMin;
    internal ModelHeader Header = ModelHeader.New();

    private readonly Repository.Entry? _entry;
    private readonly IExceptionContext? _context;
    private string? _loaderAssemblyName;

    /// <summary>Writes to an entry of a repository.</summary>
    internal ModelSaveContext(RepositoryWriter rep, string? dir, string name)
        : this(rep.CreateEntry(dir, name), rep.ExceptionContext)
    {
        Repository = rep;
        Directory = dir;
    }

    /// <summary>Writes to a stream that the caller owns; sub-models and further entries are not possible.</summary>
    internal ModelSaveContext(BinaryWriter writer, IExceptionContext? ectx = null)
    {
        _context = ectx;
        Writer = writer;
        FpMin = writer.BaseStream.Position;

        // A blank header holds the place until the positions are known.
        default(ModelHeader).Write(writer);
    }

    private ModelSaveContext(Repository.Entry entry, IExceptionContext? ectx)
        : this(new BinaryWriter(entry.Stream, Encoding.UTF8, leaveOpen: true), ectx) => _entry = entry;

    internal bool InRepository => Repository is not null;

    internal static void SaveModel<T>(RepositoryWriter rep, T? value, string? path)
        where T : class
    {
        if (value is null)
            return;
        if (value is not ICanSaveModel model)
            throw rep.ExceptionContext.Except($"{value.GetType()} cannot be saved: it does not implement {nameof(ICanSaveModel)}.");
        using var ctx = new ModelSaveContext(rep, path, ModelLoadContext.ModelStreamName);
        model.Save(ctx);
        ctx.Done();
    }

    internal static void Save(BinaryWriter writer, Action<ModelSaveContext> fn)
    {
        using var ctx = new ModelSaveContext(writer);
        fn(ctx);
        ctx.Done();
    }

    internal void SaveModel<T>(T? value, string name)
        where T : class => SaveModel(CheckedRepository(), value, Microsoft.ML.Repository.Combine(Directory, name));

    internal void SaveSubModel(string dir, Action<ModelSaveContext> fn)
    {
        string path = Microsoft.ML.Repository.Combine(Directory, dir);
        using var ctx = new ModelSaveContext(CheckedRepository(), path, ModelLoadContext.ModelStreamName);
        fn(ctx);
        ctx.Done();
    }

    internal void SaveTextStream(string name, Action<TextWriter> action)
    {
        using Repository.Entry entry = CheckedRepository().CreateEntry(Directory, name);
        using var writer = new StreamWriter(entry.Stream, leaveOpen: true);
        action(writer);
    }

    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        using Repository.Entry entry = CheckedRepository().CreateEntry(Directory, name);
        using var writer = new BinaryWriter(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(writer);
    }

    /// <summary>Throws unless nothing has been written yet.</summary>
    internal void CheckAtModel() => _context.Check(
        Writer.BaseStream.Position == FpMin + Header.FpModel, "The component has already written to this context.");

    /// <summary>Every component must call this once.</summary>
    internal void SetVersionInfo(VersionInfo ver)
    {
        Header.SetVersionInfo(ver);
        _loaderAssemblyName = ver.LoaderAssemblyName;
    }

    internal void SaveStringOrNull(string? str)
    {
        if (str is null)
            Writer.Write(-1);
        else
            SaveString(str);
    }

    internal void SaveString(string str)
    {
        _context.CheckValue(str, nameof(str));
        SaveString(str.AsMemory());
    }

    internal void SaveString(ReadOnlyMemory<char> str) => Writer.Write(Strings.Add(str.Span));

    internal void SaveNonEmptyString(string str)
    {
        _context.CheckNonEmpty(str, nameof(str));
        SaveString(str);
    }

    internal void SaveNonEmptyString(ReadOnlyMemory<char> str)
    {
        _context.CheckParam(!str.IsEmpty, nameof(str), "str cannot be empty");
        SaveString(str);
    }

    /// <summary>Writes what follows the component's bytes, and the header.</summary>
    internal void Done()
    {
        _context.Check(Header.ModelSignature != 0, "ModelSignature not specified!");
        Header.CbModel = Position - Header.FpModel;
        WriteStrings();
        if (!string.IsNullOrEmpty(_loaderAssemblyName))
        {
            Header.FpAssemblyName = Position;
            Header.CbAssemblyName = WriteUtf16(_loaderAssemblyName);
        }

        Header.FpTail = Position;
        Writer.Write(ModelHeader.TailSignatureValue);
        Header.FpLim = Position;

        Writer.Flush();
        Writer.BaseStream.Position = FpMin;
        Header.Write(Writer);
        Writer.Flush();
        Writer.BaseStream.Position = FpMin + Header.FpLim;
        Dispose();
    }

    /// <summary>Closes the entry, not the repository.</summary>
    public void Dispose()
    {
        if (_entry is null)
            return;
        Writer.Dispose();
        _entry.Dispose();
    }

    private long Position => Writer.BaseStream.Position - FpMin;

    private void WriteStrings()
    {
        if (Strings.Strings.Count == 0)
            return;
        Header.FpStringTable = Position;
        foreach (string str in Strings.Strings)
            Writer.Write(Header.CbStringChars += sizeof(char) * str.Length);
        Header.FpStringChars = Position;
        Header.CbStringTable = Header.FpStringChars - Header.FpStringTable;
        foreach (string str in Strings.Strings)
            WriteUtf16(str);
    }

    private uint WriteUtf16(string str)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(str.AsSpan());
        Writer.Write(bytes);
        return (uint)bytes.Length;
    }

    private RepositoryWriter CheckedRepository() =>
        Repository ?? throw _context.Except("Can't save a further entry or sub-model when writing to a single stream");
}
