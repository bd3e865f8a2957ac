using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Saves and loads models, and makes prediction engines of them.</summary>
public sealed class ModelOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>Writes a zip with the model and, unless null, the schema of its input.</summary>
    public void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream) =>
        ModelFile.Save(_env, model, inputSchema, stream);

    /// <summary>Writes a zip with the model and, unless null, its input schema. A failure leaves an old file whole.</summary>
    public void Save(ITransformer model, DataViewSchema? inputSchema, string filePath) =>
        ModelFile.Save(_env, model, inputSchema, filePath);

    /// <summary>Loads a model and the schema it was saved with, null if with none.</summary>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema) => ModelFile.Load(_env, stream, out inputSchema!);

    /// <summary>Loads a model and the schema it was saved with, null if with none.</summary>
    public ITransformer Load(string filePath, out DataViewSchema inputSchema) => ModelFile.Load(_env, filePath, out inputSchema!);

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer,
        bool ignoreMissingColumns = true,
        SchemaDefinition? inputSchemaDefinition = null,
        SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new() =>
        CreatePredictionEngine<TSrc, TDst>(transformer, new PredictionEngineOptions
        {
            IgnoreMissingColumns = ignoreMissingColumns,
            InputSchemaDefinition = inputSchemaDefinition,
            OutputSchemaDefinition = outputSchemaDefinition,
        });

    /// <summary>An engine whose input columns have the types and annotations of <paramref name="inputSchema"/>.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
    {
        _env.CheckValue(inputSchema, nameof(inputSchema));
        return CreatePredictionEngine<TSrc, TDst>(transformer, new PredictionEngineOptions
        {
            IgnoreMissingColumns = false,
            InputSchemaDefinition = SchemaDefinition.Create(typeof(TSrc), inputSchema),
        });
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
    {
        _env.CheckValue(options, nameof(options));
        return new PredictionEngine<TSrc, TDst>(_env, transformer, options);
    }
}
