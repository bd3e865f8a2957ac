using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Text;

/// <inheritdoc cref="TextNormalizingTransformer"/>
public sealed class TextNormalizingEstimator : TrivialEstimator<TextNormalizingTransformer>
{
    internal TextNormalizingEstimator(
        IHostEnvironment env,
        string outputColumnName,
        string? inputColumnName,
        CaseMode caseMode,
        bool keepDiacritics,
        bool keepPunctuations,
        bool keepNumbers)
        : base(
            env.Register(nameof(TextNormalizingEstimator)),
            new TextNormalizingTransformer(
                env, outputColumnName, inputColumnName ?? outputColumnName,
                new CharacterNormalizer(caseMode, keepDiacritics, keepPunctuations, keepNumbers)))
    {
    }

    /// <summary>By the rules of the invariant culture.</summary>
    public enum CaseMode
    {
        Lower = 0,
        Upper = 1,
        None = 2,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(
            from pair in Transformer.ColumnPairs
            let source = inputSchema.FindTextInput(Host, pair.inputColumnName)
            let kind = source.Kind == SchemaShape.Column.VectorKind.Scalar
                ? SchemaShape.Column.VectorKind.Scalar
                : SchemaShape.Column.VectorKind.VariableVector
            select new SchemaShape.Column(pair.outputColumnName, kind, source.ItemType, isKey: false));
    }
}
