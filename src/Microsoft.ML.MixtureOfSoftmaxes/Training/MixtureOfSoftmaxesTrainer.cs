using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// Trains a language model with a mixture-of-softmaxes head on a token column: any vector of keys with text key values. The rows
/// are read as one stream, in order, each followed by the end-of-sentence mark.
/// </summary>
public sealed partial class MixtureOfSoftmaxesTrainer : IEstimator<LanguageModelTransformer>
{
    private readonly IHost _host;
    private readonly HostSettings _settings;
    private readonly string _tokensColumnName;
    private readonly Options _options;

    internal MixtureOfSoftmaxesTrainer(IHostEnvironment env, string tokensColumnName, Options options)
    {
        options.Validate();
        _settings = HostSettings.Of(env);
        _host = env.Register(nameof(MixtureOfSoftmaxesTrainer));
        _tokensColumnName = tokensColumnName;
        _options = options;
    }

    /// <summary>
    /// Trains until the limits of the options, or until cancelled, and returns the best model. With a seed on the
    /// <see cref="MLContext"/> the same data give the same model on the same machine with the same number of threads.
    /// </summary>
    /// <exception cref="ArgumentException">The token column is absent or of another type.</exception>
    /// <exception cref="InvalidOperationException">The data is empty, or the GPU asked for is not there.</exception>
    /// <exception cref="ArithmeticException">Training diverged.</exception>
    public LanguageModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training the language model");
        using IProgressChannel progress = _host.StartProgressChannel("Training the language model");
        DataViewSchema.Column tokens = InputColumn.Tokens(input.Schema, _tokensColumnName);
        Vocabulary vocabulary = TokenStream.VocabularyOf(tokens, _options.UnknownWord, _options.EndOfSentence);
        int[] training = TokenStream.Read(input, _tokensColumnName, vocabulary, "training data");
        int[]? validation = _options.ValidationSet is null
            ? null
            : TokenStream.Read(_options.ValidationSet, _tokensColumnName, vocabulary, "validation data");

        ComputeDevice.Seed(_settings.Seed ?? _host.Rand.Next());
        var network = new LanguageModelNetwork(_options.Shape(vocabulary.Count), ComputeDevice.Choose(_settings));
        try
        {
            channel.Info(
                MessageSensitivity.None, "{0} of {1:N0} parameters on {2}; {3:N0} tokens, vocabulary {4:N0}.",
                _options.Head, network.Shape.ParameterCount, network.Device, training.Length, vocabulary.Count);
            var reporter = new ChannelReporter(channel, progress, _options.Progress);
            new TrainingRun(network, vocabulary, _options, reporter.Report).Run(training, validation);
            return new(_tokensColumnName, _options.Scoring, vocabulary, network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumn.Tokens(inputSchema, _tokensColumnName);
        return inputSchema.With(
            [.. ScoreColumns.Describe(_options.Scoring).Select(c => SchemaShapes.Scalar(c.Name, (PrimitiveDataViewType)c.Type))]);
    }
}
