using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <inheritdoc cref="ColumnConcatenatingTransformer"/>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
    {
        _host = env.Register(nameof(ColumnConcatenatingEstimator));
        _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _host.CheckParam(
            inputColumnNames is { Length: > 0 } && !inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames),
            "Input columns not specified, or some of them null or empty");
        _output = outputColumnName;
        _inputs = inputColumnNames;
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new(_host, _output, _inputs);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        SchemaShape.Column[] sources = [.. _inputs.Select(name => inputSchema.FindInput(_host, name))];
        foreach (SchemaShape.Column source in sources)
        {
            if (source.IsKey)
                throw _host.Except($"Column '{source.Name}' is key. Concatenation of keys is unsupported.");
            if (!source.ItemType.Equals(sources[0].ItemType))
            {
                throw _host.Except(
                    $"Concatenated columns should have the same type. Column '{source.Name}' has type of {source.ItemType}, " +
                    $"but expected column type is {sources[0].ItemType}.");
            }
        }

        SchemaShape.Column.VectorKind kind = sources.Any(s => s.Kind == SchemaShape.Column.VectorKind.VariableVector)
            ? SchemaShape.Column.VectorKind.VariableVector
            : SchemaShape.Column.VectorKind.Vector;
        bool hasSlotNames = sources.Any(s =>
            s.Kind == SchemaShape.Column.VectorKind.Scalar || s.Annotations(AnnotationUtils.Kinds.SlotNames).Count > 0);
        var slotNames = new SchemaShape.Column(
            AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false);
        return inputSchema.With(
            [new(_output, kind, sources[0].ItemType, isKey: false, new SchemaShape(hasSlotNames ? [slotNames] : []))]);
    }
}
