using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Learns a word vocabulary from a text column, and maps text to keys into it. Words are what white space separates; the
/// vocabulary comes from the data it is fitted on and nothing else, so later data can hold unknown words.
/// </summary>
public sealed partial class VocabularyTokenizingEstimator : IEstimator<VocabularyTokenizingTransformer>
{
    private readonly IHost _host;
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly Options _options;

    internal VocabularyTokenizingEstimator(IHostEnvironment env, string outputColumnName, string? inputColumnName, Options options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = env.Register(nameof(VocabularyTokenizingEstimator));
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName ?? outputColumnName;
        _options = options;
    }

    /// <summary>Reads the text column once and keeps its frequent words.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is absent or not text.</exception>
    /// <exception cref="InvalidOperationException">The data holds no word at all.</exception>
    /// <exception cref="OperationCanceledException">The execution of the <see cref="MLContext"/> was cancelled.</exception>
    public VocabularyTokenizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column text = InputColumn.Text(input.Schema, _inputColumnName);
        using IChannel channel = _host.Start("Building the vocabulary");
        var builder = new VocabularyBuilder();
        InputColumn.ReadText(input, text, builder.Add, new(_host));
        if (builder.IsEmpty)
        {
            throw new InvalidOperationException(
                $"Column '{_inputColumnName}' holds no word, so there is no vocabulary to learn: check that the data is not empty.");
        }

        Vocabulary vocabulary = builder.Build(_options);
        channel.Info(MessageSensitivity.None, "Vocabulary of {0:N0} words.", vocabulary.Count);
        return new(_outputColumnName, _inputColumnName, vocabulary);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumn.Text(inputSchema, _inputColumnName);
        return inputSchema.With([SchemaShapes.VariableKeyVector(_outputColumnName)]);
    }
}
