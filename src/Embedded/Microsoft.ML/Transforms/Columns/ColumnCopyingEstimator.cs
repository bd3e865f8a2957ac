using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <inheritdoc cref="ColumnCopyingTransformer"/>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName)
        : base(
            env.Register(nameof(ColumnCopyingEstimator)), new ColumnCopyingTransformer(env, outputColumnName, inputColumnName))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(
            from pair in Transformer.ColumnPairs
            let source = inputSchema.FindInput(Host, pair.inputColumnName)
            select new SchemaShape.Column(
                pair.outputColumnName, source.Kind, source.ItemType, source.IsKey, source.Annotations));
    }
}
