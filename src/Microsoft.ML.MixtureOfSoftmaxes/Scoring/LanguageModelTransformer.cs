using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

[assembly: LoadableClass(
    typeof(ITransformer), typeof(LanguageModelTransformer), null, typeof(SignatureLoadModel),
    "Mixture-of-softmaxes language model", LanguageModelTransformer.LoaderSignature)]

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// A trained language model as a transformer: from a token column to the columns that <see cref="ScoringOptions"/> names, such as
/// log-likelihood and perplexity of each row. Safe to use from several threads, which take turns.
/// </summary>
/// <remarks>
/// All transformers of one model (<see cref="WithScoring"/>, <c>ChangeScoring</c>, <c>AdaptDynamically</c>) share its network and the
/// memory it scores with; none owns them more than another. Disposing any one frees them, after what is being scored, and later use of
/// any is an <see cref="ObjectDisposedException"/>. So dispose the last one in use, and only that.
/// A GPU that fails while a model computes is an <see cref="InvalidOperationException"/>, memory that runs out an
/// <see cref="InsufficientMemoryException"/>; the message says what to do.
/// </remarks>
public sealed class LanguageModelTransformer : IScoringTransformer
{
    internal const string LoaderSignature = "MosLanguageModel";

    private static readonly ComponentIdentity s_identity = new("MOSLANGM", LoaderSignature, Version: 0x00010004, OldestReadable: 0x00010001);

    private readonly LanguageModel _model;
    private readonly SequenceScorer _scorer;
    private readonly IHostEnvironment? _env;

    /// <param name="model">What scores, and how; its network goes with the transformer.</param>
    /// <param name="env">Where the progress of long scoring is shown, and what cancels it; null for none.</param>
    internal LanguageModelTransformer(LanguageModel model, IHostEnvironment? env = null)
        : this(model, new SequenceScorer(model.Network, model.Vocabulary.EndOfSentenceIndex), env)
    {
    }

    private LanguageModelTransformer(LanguageModel model, SequenceScorer scorer, IHostEnvironment? env)
    {
        model.Validate();
        _model = model;
        _scorer = scorer;
        _env = env;
    }

    /// <summary>How the model turns contexts into distributions.</summary>
    public LanguageModelHead Head => _model.Network.Shape.Head;

    /// <summary>Trainable numbers, the tied embedding counted once.</summary>
    public long ParameterCount => _model.Network.Shape.ParameterCount;

    /// <summary>The words the model knows, the unknown word and the end-of-sentence mark among them.</summary>
    public IReadOnlyList<string> Words => _model.Vocabulary.Words;

    /// <summary>The one of <see cref="Words"/> that stands for words the model does not know.</summary>
    public string UnknownWord => _model.Vocabulary.UnknownWord;

    /// <summary>The position of a token in <see cref="Words"/>; that of the unknown word for one that is not there.</summary>
    public int IndexOf(string token) => _model.Vocabulary.IndexOf(token);

    /// <summary>Which columns are added, and what rows are conditioned on.</summary>
    public ScoringOptions Scoring => _model.Scoring;

    /// <summary>How the model adapts to the text it reads; null where it stays as it is.</summary>
    public DynamicEvaluationOptions? DynamicEvaluation => _model.Adaptation?.Options;

    /// <summary>How the run went that trained it; null for a model that was loaded.</summary>
    public TrainingSummary? Training { get; internal init; }

    internal string TokensColumnName => _model.TokensColumnName;

    internal SavedSettings Settings => _model.Settings;

    internal Vocabulary Vocabulary => _model.Vocabulary;

    internal LanguageModelNetwork Network => _model.Network;

    /// <summary>The processes that work together; this one alone where none were given.</summary>
    internal Ranks Ranks => _model.Ranks ?? Ranks.Alone;

    /// <summary>Scores rows batch after batch, their log-likelihoods alone.</summary>
    internal BatchScorer OpenScorer(Cancellation cancellation) => new(_scorer, _model, default, cancellation);

    /// <summary>Scores token sequences, each by itself: the first token after an end of sentence, which is predicted last as well.</summary>
    internal SequenceScores[] ScoreRows(IReadOnlyList<int[]> rows, TokenDetail detail) =>
        _scorer.ScoreRows(rows, detail with { SkippedPrior = _model.Scoring.SkippedPrior }, _model.Scoring.Precision);

    /// <summary>In a stream or document a row depends on those before it; in the row context each is mapped by itself.</summary>
    public bool IsRowToRowMapper => _model.Scoring.Context == ScoringContext.Row;

    /// <summary>The same model with other columns or another context; the two share the network (see the remarks).</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LanguageModelTransformer WithScoring(ScoringOptions scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        return new(_model with { Scoring = scoring }, _scorer, _env) { Training = Training };
    }

    /// <summary>The same model, whose rows all continue one context.</summary>
    private LanguageModelTransformer WithGiven(int[] context) => new(_model with { Given = context }, _scorer, _env) { Training = Training };

    /// <summary>The same model, whose rows all ranks score; the first one reads them, and on the others <see cref="Serve"/> runs.</summary>
    internal LanguageModelTransformer WithRanks(Ranks ranks) => new(_model with { Ranks = ranks }, _scorer, _env) { Training = Training };

    /// <summary>Scores what the first rank sends, until it has no more.</summary>
    internal void Serve(Ranks ranks) => RankScorers.Serve(ranks, detail => new(_scorer, _model, detail, default));

    /// <summary>The same model reading rows as a stream to which it adapts; the two share the network, which stays as it is.</summary>
    internal LanguageModelTransformer WithAdaptation(DynamicEvaluation adaptation) => new(
        _model with { Scoring = _model.Scoring with { Context = ScoringContext.Stream }, Adaptation = adaptation }, _scorer, _env)
    {
        Training = Training,
    };

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => MakeColumns(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AddedColumnsView(this, input, MakeColumns(input.Schema), inOrder: _model.Scoring.Context != ScoringContext.Row);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The context is not the row.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => IsRowToRowMapper
        ? new AddedColumnsMapper(MakeColumns(inputSchema))
        : throw new InvalidOperationException(
            "In a stream or document a row depends on those before it: use the row context for single predictions.");

    /// <summary>Frees the network, for all transformers of the model.</summary>
    public void Dispose()
    {
        _model.Dispose();
        _scorer.Dispose();
    }

    IScoringModel IScoringTransformer.Model => _model;

    IScoringTransformer IScoringTransformer.WithScoring(ScoringOptions scoring) => WithScoring(scoring);

    IScoringTransformer IScoringTransformer.WithGiven(int[] context) => WithGiven(context);

    SequenceScores[] IScoringTransformer.ScoreRows(IReadOnlyList<int[]> rows, TokenDetail detail) => ScoreRows(rows, detail);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        // A disposed network has no weights left, so it would be saved without an error, over a good file perhaps.
        using LanguageModelNetwork.Turn turn = _model.Network.TakeTurn();
        DeviceErrors.Run(
            _model.Network.Device, () => _model.Write(new ComponentWriter(ctx, s_identity with { Version = _model.Format })));
    }

    // ML.NET finds this method by its name, to make a transformer of a saved one.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Device device = ComputeDevice.Choose(HostSettings.Of(env));
        return DeviceErrors.Run(
            device, () => new LanguageModelTransformer(LanguageModel.Read(new ComponentReader(env, ctx, s_identity), device), env));
    }

    private AddedScores MakeColumns(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new(schema, _model, _scorer, _env);
    }
}
