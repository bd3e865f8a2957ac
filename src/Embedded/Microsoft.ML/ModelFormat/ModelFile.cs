using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// A model as <c>mlContext.Model</c> saves and loads it: a transformer and the schema of its input in one zip file. Its entries
/// are byte for byte those of the official library; the zip file around them differs in its time stamps alone.
/// </summary>
internal static class ModelFile
{
    private const string TransformerDirectory = "TransformerChain";
    private const string SchemaName = "Schema";

    public static void Save(IHostEnvironment env, ITransformer? model, DataViewSchema? inputSchema, Stream stream)
    {
        env.CheckValue(stream, nameof(stream));
        using RepositoryWriter repository = RepositoryWriter.CreateNew(stream, env);
        ModelSaveContext.SaveModel(repository, model, TransformerDirectory);
        if (inputSchema is not null)
        {
            using Repository.Entry entry = repository.CreateEntry(SchemaName);
            SchemaFile.Write(env, entry.Stream, inputSchema);
        }

        repository.Commit();
    }

    /// <summary>Replaces the file only when the model has been written completely.</summary>
    public static void Save(IHostEnvironment env, ITransformer? model, DataViewSchema? inputSchema, string filePath)
    {
        env.CheckNonEmpty(filePath, nameof(filePath));
        string unfinished = $"{filePath}.{Path.GetRandomFileName()}";
        try
        {
            using (FileStream stream = File.Create(unfinished))
                Save(env, model, inputSchema, stream);
            File.Move(unfinished, filePath, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Loads a model; its schema is null where none was saved.</summary>
    public static ITransformer Load(IHostEnvironment env, Stream stream, out DataViewSchema? inputSchema)
    {
        using RepositoryReader repository = RepositoryReader.Open(stream, env);
        inputSchema = LoadSchemaOrNull(env, repository);
        if (inputSchema is null && repository.Contains(ModelLoadContext.ModelStreamName))
        {
            throw env.ExceptDecode(
                $"{repository.Source} was saved together with a data loader, which this subset of ML.NET does not read. Save the " +
                "model with its input schema instead, or load it with the official Microsoft.ML packages.");
        }

        ModelLoadContext.LoadModel<ITransformer, SignatureLoadModel>(env, out ITransformer model, repository, TransformerDirectory);
        return model;
    }

    public static ITransformer Load(IHostEnvironment env, string filePath, out DataViewSchema? inputSchema)
    {
        env.CheckNonEmpty(filePath, nameof(filePath));
        using FileStream stream = File.OpenRead(filePath);
        return Load(env, stream, out inputSchema);
    }

    private static DataViewSchema? LoadSchemaOrNull(IHostEnvironment env, RepositoryReader repository)
    {
        using Repository.Entry? entry = repository.OpenEntryOrNull(SchemaName);
        if (entry is null)
            return null;
        try
        {
            return SchemaFile.Read(env, entry.Stream);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or ArgumentException)
        {
            throw env.ExceptDecode(
                $"Entry '{entry.Path}' of {repository.Source} is no readable schema: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
