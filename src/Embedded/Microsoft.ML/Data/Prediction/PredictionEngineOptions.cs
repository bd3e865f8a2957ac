using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed class PredictionEngineOptions
{
    /// <summary>Whether members of the prediction class without a column are left as they are; an error otherwise.</summary>
    public bool IgnoreMissingColumns = true;

    public SchemaDefinition? InputSchemaDefinition;

    public SchemaDefinition? OutputSchemaDefinition;

    /// <summary>Whether disposing the engine disposes the transformer.</summary>
    public bool OwnsTransformer = true;
}
