using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Text;

/// <inheritdoc cref="WordTokenizingTransformer"/>
public sealed class WordTokenizingEstimator : TrivialEstimator<WordTokenizingTransformer>
{
    internal WordTokenizingEstimator(
        IHostEnvironment env, string outputColumnName, string? inputColumnName = null, char[]? separators = null)
        : base(
            env.Register(nameof(WordTokenizingEstimator)),
            new WordTokenizingTransformer(env, outputColumnName, inputColumnName ?? outputColumnName, separators ?? [' ']))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(
            from pair in Transformer.ColumnPairs
            let source = inputSchema.FindTextInput(Host, pair.inputColumnName)
            select new SchemaShape.Column(
                pair.outputColumnName, SchemaShape.Column.VectorKind.VariableVector, source.ItemType, isKey: false));
    }
}
