using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <inheritdoc cref="CustomMappingTransformer{TSrc, TDst}"/>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(
        IHostEnvironment env,
        Action<TSrc, TDst> mapAction,
        string? contractName,
        SchemaDefinition? inputSchemaDefinition = null,
        SchemaDefinition? outputSchemaDefinition = null)
        : base(
            env.Register("CustomMappingEstimator"),
            new CustomMappingTransformer<TSrc, TDst>(env, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        foreach (SchemaShape.Column needed in ShapeOf(Transformer.InputColumns))
        {
            SchemaShape.Column source = inputSchema.FindInput(Host, needed.Name);

            // A member for vectors of any size takes those of one size, too.
            bool sameKind = needed.Kind == source.Kind || (needed.Kind, source.Kind)
                is (SchemaShape.Column.VectorKind.VariableVector, SchemaShape.Column.VectorKind.Vector);
            if (!sameKind || !needed.ItemType.Equals(source.ItemType) || needed.IsKey != source.IsKey)
            {
                throw Host.ExceptSchemaMismatch(
                    nameof(inputSchema), "input", needed.Name, needed.GetTypeString(), source.GetTypeString());
            }
        }

        return inputSchema.With(ShapeOf(Transformer.OutputColumns));
    }

    private static SchemaShape ShapeOf(MemberColumn[] columns) =>
        SchemaShape.Create(SchemaExtensions.MakeSchema(columns.Select(member => member.Column)));
}
