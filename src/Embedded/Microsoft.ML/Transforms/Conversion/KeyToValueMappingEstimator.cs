using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <inheritdoc cref="KeyToValueMappingTransformer"/>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingEstimator)), new KeyToValueMappingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            SchemaShape.Column source = inputSchema.FindInput(Host, pair.inputColumnName);
            if (!source.IsKey)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, "Key", source.GetTypeString());
            Host.CheckParam(
                source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out SchemaShape.Column values), nameof(inputSchema),
                $"Input column '{source.Name}' doesn't contain key values metadata");
            return new SchemaShape.Column(
                pair.outputColumnName, source.Kind, values.ItemType, values.IsKey,
                source.Annotations(AnnotationUtils.Kinds.SlotNames));
        }));
    }
}
