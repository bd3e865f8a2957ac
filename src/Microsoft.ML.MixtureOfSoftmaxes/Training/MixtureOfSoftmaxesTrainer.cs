using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Trains a language model with a mixture-of-softmaxes head on a token column: any vector of keys with text key values. The rows
/// are read as one stream, in order, each followed by the end-of-sentence mark.
/// </summary>
public sealed partial class MixtureOfSoftmaxesTrainer : IEstimator<LanguageModelTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly IHost _host;
    private readonly HostSettings _settings;
    private readonly string _tokensColumnName;
    private readonly Options _options;

    internal MixtureOfSoftmaxesTrainer(IHostEnvironment env, string tokensColumnName, Options options)
    {
        ArgumentException.ThrowIfNullOrEmpty(tokensColumnName);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _settings = HostSettings.Of(env);
        _env = env;
        _host = env.Register(nameof(MixtureOfSoftmaxesTrainer));
        _tokensColumnName = tokensColumnName;
        _options = options;
    }

    /// <summary>
    /// Trains until the limits of the options, or until cancelled, and returns the best model. With a seed on the
    /// <see cref="MLContext"/> the same data give the same model on the same machine with the same number of threads.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column that training or the model's scoring needs is absent or of another type, in the data or in the validation set.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The execution of the <see cref="MLContext"/> was cancelled; where there is a folder for checkpoints, one is written first.
    /// </exception>
    /// <exception cref="InvalidOperationException">The data is empty, or the GPU asked for is not there or fails.</exception>
    /// <exception cref="DllNotFoundException">
    /// The application has no libtorch, or one that cannot be loaded; or mpirun started it with others, and there is no MPI.
    /// </exception>
    /// <exception cref="TimeoutException">Another one of the processes that train together did not answer in time.</exception>
    /// <exception cref="IOException">The checkpoint folder cannot be written, or another run has it.</exception>
    /// <exception cref="ArithmeticException">Training diverged.</exception>
    /// <exception cref="InsufficientMemoryException">Memory ran out; the message says what to lower.</exception>
    public LanguageModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training the language model");
        Ranks ranks = Ranks.Of(_options.Distributed, _options.DistributedTimeout);
        try
        {
            return FitTogether(input, channel, ranks);
        }
        catch (Exception e) when (e is not OperationCanceledException && ranks.Count > 1)
        {
            // The others may wait for this one, so its end, where the caller lets it end, is theirs.
            MpiWorld.HasFailed = true;
            throw;
        }
    }

    private LanguageModelTransformer FitTogether(IDataView input, IChannel channel, Ranks ranks)
    {
        (Device device, Vocabulary vocabulary) = ranks.Together(() => Check(input.Schema));
        using CheckpointFolder? folder = ranks.Together(() => ranks.IsFirst ? CheckpointFolder.Take(_options) : null);
        using ShardedTokens training = ranks.Together(() => ReadTraining(input, vocabulary));
        int[]? validation = ranks.Together(() => ReadValidation(vocabulary));
        if (ranks.IsFirst)
        {
            training.Unknown.Warn(channel, "training data", UnknownShare.TrainingRemedy);
            UnknownShare.Of(validation, vocabulary).Warn(channel, "validation data", UnknownShare.ScoringRemedy);
        }

        try
        {
            return Train(channel, device, folder, vocabulary, training, validation, ranks);
        }
        catch (Exception e) when (TrainingError.Explain(e, device, _options.Shape(vocabulary.Count).ParameterCount) is Exception explained)
        {
            throw explained;
        }
    }

    private (Device Device, Vocabulary Vocabulary) Check(DataViewSchema schema)
    {
        Device device = ComputeDevice.Choose(_settings);
        (DataViewSchema.Column tokens, _, _) = RowReader.Find(schema, _tokensColumnName, _options.Scoring);
        CheckValidationSet();
        if (_options.ShardColumnName is string shards)
        {
            InputColumn.Identity(schema, shards);
        }

        return (device, TokenStream.VocabularyOf(tokens, _options.UnknownWord, _options.EndOfSentence));
    }

    private ShardedTokens ReadTraining(IDataView input, Vocabulary vocabulary)
    {
        var rows = new TokenRows(input, _tokensColumnName, _options.ShardColumnName, vocabulary, "training data");
        return _options.TokenCacheFolder is string folder
            ? new TokenCache(folder, _options.TokenCacheKey, _options.DistributedTimeout).Read(
                rows, $"{_tokensColumnName}\n{_options.ShardColumnName}", vocabulary, _host)
            : TokenStream.ReadText(rows, new(_host));
    }

    private int[]? ReadValidation(Vocabulary vocabulary) => _options.ValidationSet is null
        ? null
        : TokenStream.Read(_options.ValidationSet, _tokensColumnName, vocabulary, "validation data", new(_host));

    /// <summary>The parameters of the network that <see cref="Fit"/> would train on data of this schema.</summary>
    internal long CountParameters(DataViewSchema input) => _options.Shape(
        TokenStream.VocabularyOf(InputColumn.Tokens(input, _tokensColumnName), _options.UnknownWord, _options.EndOfSentence).Count).ParameterCount;

    private LanguageModelTransformer Train(
        IChannel channel, Device device, CheckpointFolder? folder, Vocabulary vocabulary, ShardedTokens training, int[]? validation,
        Ranks ranks)
    {
        RunStart start = RunStart.Of(_host, _options, folder, vocabulary, training, validation, ranks);
        ComputeDevice.Seed(SeededRandom.Seed(start.Seed, SeededRandom.Purpose.Initialization, 0));
        var network = new LanguageModelNetwork(_options.Shape(vocabulary.Count), device);
        try
        {
            channel.Info(
                MessageSensitivity.None, "{0} of {1:N0} parameters on {2} in {3}; {4:N0} tokens, vocabulary {5:N0}.",
                _options.Head, network.Shape.ParameterCount, network.Device, ComputeDevice.PrecisionOn(network.Device.type, _options.Precision),
                training.Tokens.Length, vocabulary.Count);
            if (MixtureCrossEntropy.KernelsOf(network.Device) is (bool exist, string how))
            {
                ReportKernels(channel, exist, how);
            }

            var data = new TrainingData(training, validation, vocabulary.EndOfSentenceIndex, start.Seed, _options, network.Device);
            using var session = new TrainingSession(network, _options, data.Columns, start.Seed, start.State, ranks);
            if (start.CheckpointPath is not null)
            {
                ranks.Together(() => Checkpoint.ReadTensors(start.CheckpointPath, session));
            }

            using IProgressChannel progress = _host.StartProgressChannel("Training the language model");
            using ProgressReporter? reporter = ranks.IsFirst
                ? new(channel, progress, _options.Progress, _options.LogFile, _options.TensorBoardFolder)
                : null;
            TrainingEnd end = new TrainingRun(session, data, _options, start.Checkpointer, reporter, new(_host), ranks).Run();
            MpiWorld.HasFailed = false;
            channel.Info(MessageSensitivity.None, "Ended by {0} after {1:N0} tokens.", end, session.State.Tokens);
            return new(new LanguageModel(_tokensColumnName, _options.Scoring, vocabulary, network), _env)
            {
                Training = session.State.Summarize(end),
            };
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static void ReportKernels(IChannel channel, bool exist, string how)
    {
        if (exist)
        {
            channel.Info(MessageSensitivity.None, "The kernels for GPUs: {0}.", how);
        }
        else
        {
            channel.Warning(MessageSensitivity.None, "The kernels for GPUs are not used: {0}. Tensor operations serve, which take longer.", how);
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        RowReader.Check(inputSchema, _tokensColumnName, _options.Scoring);
        CheckValidationSet();
        if (_options.ShardColumnName is string shards)
        {
            InputColumn.Identity(inputSchema, shards);
        }

        SchemaShape.Column[] counts = CountAnnotations.Shapes(_options.Scoring, inputSchema.Find(_tokensColumnName)!.Value);
        return inputSchema.With([.. ScoreColumn.Of(_options.Scoring).Select(
            column => SchemaShapes.Of(
                column.Name, column.Type, column.IsTokenCount ? counts : ScoreAnnotations.Shapes(_options.Scoring, column.Name)))]);
    }

    private void CheckValidationSet()
    {
        try
        {
            if (_options.ValidationSet is not null)
            {
                InputColumn.Tokens(_options.ValidationSet.Schema, _tokensColumnName);
            }
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArgumentOutOfRangeException(
                $"ValidationSet: {e.Message} Pass it through the transformers before the trainer, as the training data goes: " +
                "ValidationSet = tokenizer.Transform(valid).",
                e);
        }
    }
}
