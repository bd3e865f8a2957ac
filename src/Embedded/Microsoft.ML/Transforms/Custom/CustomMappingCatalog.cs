using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms by code of the application.</summary>
public static class CustomMappingCatalog
{
    /// <summary>
    /// Computes the columns of <typeparamref name="TDst"/> from those of <typeparamref name="TSrc"/>. To be saved the mapping needs
    /// a contract: the name of a <see cref="CustomMappingFactory{TSrc, TDst}"/> that gives it back when the model is loaded.
    /// </summary>
    public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(
        this TransformsCatalog catalog,
        Action<TSrc, TDst> mapAction,
        string? contractName,
        SchemaDefinition? inputSchemaDefinition = null,
        SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new() =>
        new(catalog.GetEnvironment(), mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition);
}
