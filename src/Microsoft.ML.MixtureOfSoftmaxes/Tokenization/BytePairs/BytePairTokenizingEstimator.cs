using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Learns byte pairs from a text column (byte-level byte-pair encoding), and maps text to keys of them. Any text can be written in
/// them, so there are no unknown words, and the tokens give the text back exactly.
/// </summary>
public sealed partial class BytePairTokenizingEstimator : IEstimator<BytePairTokenizingTransformer>
{
    private static readonly SchemaShape.Column[] s_annotations = TokenAnnotations.Shapes(new([], TokenEncoding.BytePairs));

    private readonly IHost _host;
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly Options _options;

    internal BytePairTokenizingEstimator(IHostEnvironment env, string outputColumnName, string? inputColumnName, Options options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = env.Register(nameof(BytePairTokenizingEstimator));
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName ?? outputColumnName;
        _options = options;
    }

    /// <summary>Reads the text column once and learns merges; the same text gives the same merges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is absent or not text.</exception>
    /// <exception cref="InvalidOperationException">The data holds no text at all.</exception>
    /// <exception cref="OperationCanceledException">The execution of the <see cref="MLContext"/> was cancelled.</exception>
    public BytePairTokenizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column text = InputColumn.Text(input.Schema, _inputColumnName);
        using IChannel channel = _host.Start("Learning byte pairs");
        var learner = new MergeLearner();
        InputColumn.ReadText(input, text, learner.Add, new(_host));
        if (learner.IsEmpty)
        {
            throw new InvalidOperationException(
                $"Column '{_inputColumnName}' holds no text, so there is nothing to learn from: check that the data is not empty.");
        }

        var encoding = new BytePairEncoding(learner.Learn(_options.MergeCount, _options.MinimumPairCount, new(_host)));
        channel.Info(MessageSensitivity.None, "{0:N0} byte-pair tokens.", encoding.Names.Count);
        return new(_outputColumnName, _inputColumnName, encoding);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumn.Text(inputSchema, _inputColumnName);
        return inputSchema.With([SchemaShapes.VariableKeyVector(_outputColumnName, s_annotations)]);
    }
}
