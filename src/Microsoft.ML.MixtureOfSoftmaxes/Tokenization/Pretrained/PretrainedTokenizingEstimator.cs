using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Maps text to keys of the tokens of a tokenizer that exists already. Nothing is learnt from the data.</summary>
public sealed class PretrainedTokenizingEstimator : IEstimator<PretrainedTokenizingTransformer>
{
    private readonly PretrainedTokenizingTransformer _transformer;
    private readonly string _inputColumnName;
    private readonly SchemaShape.Column _output;

    internal PretrainedTokenizingEstimator(string outputColumnName, string? inputColumnName, TokenizerFiles files)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(files);
        _inputColumnName = inputColumnName ?? outputColumnName;
        var tokenizer = PretrainedTokenizer.Create(files);
        _transformer = new(outputColumnName, _inputColumnName, files, tokenizer);
        _output = SchemaShapes.VariableKeyVector(outputColumnName, TokenAnnotations.Shapes(tokenizer.Tokens));
    }

    /// <summary>The token that stands for text which has no tokens, which is to be the trainer's <c>UnknownWord</c>; null if all have some.</summary>
    public string? UnknownToken => _transformer.UnknownToken;

    /// <summary>Checks that there is such a text column; no row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is absent or not text.</exception>
    public PretrainedTokenizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputColumn.Text(input.Schema, _inputColumnName);
        return _transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumn.Text(inputSchema, _inputColumnName);
        return inputSchema.With([_output]);
    }
}
