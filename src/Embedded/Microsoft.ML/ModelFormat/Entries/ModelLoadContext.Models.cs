using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The signature of what loads a component as itself.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);

internal sealed partial class ModelLoadContext
{
    public const string ModelStreamName = "Model.key";

    /// <summary>Creates the component that directory <paramref name="dir"/> holds; false where it holds none.</summary>
    public static bool LoadModelOrNull<TRes, TSig>(
        IHostEnvironment env, out TRes? result, RepositoryReader rep, string? dir, params object[] extra)
        where TRes : class
    {
        result = null;
        using Repository.Entry? entry = rep.OpenEntryOrNull(dir, ModelStreamName);
        if (entry is null)
            return false;
        using var ctx = new ModelLoadContext(rep, entry, dir);
        result = ctx.CreateComponent<TRes, TSig>(env, extra);
        return true;
    }

    public static void LoadModel<TRes, TSig>(
        IHostEnvironment env, out TRes result, RepositoryReader rep, string? dir, params object[] extra)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out TRes? found, rep, dir, extra))
        {
            throw env.ExceptDecode(
                $"{rep.Source} has no entry '{Microsoft.ML.Repository.Combine(dir, ModelStreamName)}': it is no model of this " +
                "kind, or not all of it. Copy or save the model again.");
        }

        result = found!;
    }

    public bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes? result, string name, params object[] extra)
        where TRes : class => LoadModelOrNull<TRes, TSig>(env, out result, CheckedRepository(), PathOf(name), extra);

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class => LoadModel<TRes, TSig>(env, out result, CheckedRepository(), PathOf(name), extra);

    /// <summary>Lets <paramref name="action"/> read a sub-model that needs no loader; false where there is none.</summary>
    public bool TryProcessSubModel(string dir, Action<ModelLoadContext> action)
    {
        using Repository.Entry? entry = CheckedRepository().OpenEntryOrNull(PathOf(dir), ModelStreamName);
        if (entry is null)
            return false;
        using var ctx = new ModelLoadContext(Repository!, entry, PathOf(dir));
        action(ctx);
        return true;
    }

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        using Repository.Entry? entry = CheckedRepository().OpenEntryOrNull(Directory, name);
        if (entry is null)
            return false;
        using var reader = new BinaryReader(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(reader);
        return true;
    }

    public bool TryLoadTextStream(string name, Action<TextReader> action)
    {
        using Repository.Entry? entry = CheckedRepository().OpenEntryOrNull(Directory, name);
        if (entry is null)
            return false;
        using var reader = new StreamReader(entry.Stream);
        action(reader);
        return true;
    }

    private TRes CreateComponent<TRes, TSig>(IHostEnvironment env, object[] extra)
        where TRes : class
    {
        LoaderAssemblies.Register(env, LoaderAssemblyName, _source);
        try
        {
            foreach (string? loader in new[] { Header.LoaderSignature.Text, Header.LoaderSignatureAlt.Text })
            {
                Seek(Header.FpModel);
                if (!string.IsNullOrWhiteSpace(loader)
                    && ComponentCatalog.TryCreateInstance<object, TSig>(env, out object? component, loader, "", [this, .. extra])
                    && component is TRes result)
                {
                    Done();
                    return result;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw env.ExceptDecode($"{_source} is corrupt: {e.Message.TrimEnd('.')}.", e);
        }

        throw env.ExceptDecode(
            $"{_source} asks for the loader '{Header.LoaderSignature.Text}' of assembly '{LoaderAssemblyName}', which offers none " +
            $"for {typeof(TRes).Name}. {LoaderAssemblies.Remedy(LoaderAssemblyName)}");
    }

    private RepositoryReader CheckedRepository() =>
        Repository ?? throw _context.Except("Can't load a further entry or sub-model when reading from a single stream");

    private string PathOf(string name) => Microsoft.ML.Repository.Combine(Directory, name);
}
