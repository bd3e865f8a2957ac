using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring.Adaptation;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring.Progress;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// A trained language model as a transformer: from a token column to the columns that <see cref="ScoringOptions"/> names, such as
/// log-likelihood and perplexity of each row. Safe to use from several threads, which take turns. Disposing it frees the network, also
/// for those that <see cref="WithScoring"/> made of it, after what is being scored; later use is an
/// <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class LanguageModelTransformer : ITransformer, IDisposable
{
    private readonly string _tokensColumnName;
    private readonly ScoringOptions _scoring;
    private readonly Vocabulary _vocabulary;
    private readonly LanguageModelNetwork _network;
    private readonly SequenceScorer _scorer;
    private readonly DynamicEvaluation? _adaptation;
    private readonly IHostEnvironment? _env;

    /// <param name="tokensColumnName">The column it reads.</param>
    /// <param name="scoring">The columns it adds.</param>
    /// <param name="vocabulary">What the ids stand for.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="adaptation">How it adapts to what it reads; null for not at all.</param>
    /// <param name="env">Told how far long scoring has come; null for nobody.</param>
    internal LanguageModelTransformer(
        string tokensColumnName, ScoringOptions scoring, Vocabulary vocabulary, LanguageModelNetwork network,
        DynamicEvaluation? adaptation = null, IHostEnvironment? env = null)
        : this(
            tokensColumnName, scoring, vocabulary, network, new SequenceScorer(network, vocabulary.EndOfSentenceIndex, scoring.Precision),
            adaptation, env)
    {
    }

    private LanguageModelTransformer(
        string tokensColumnName, ScoringOptions scoring, Vocabulary vocabulary, LanguageModelNetwork network, SequenceScorer scorer,
        DynamicEvaluation? adaptation, IHostEnvironment? env)
    {
        scoring.Validate();
        if (adaptation is not null && scoring.Context != ScoringContext.Stream)
        {
            throw new ArgumentException(
                $"Context is {scoring.Context}, but a model that adapts to what it reads takes the rows as one stream: set it to Stream, or " +
                "use the model without dynamic evaluation.");
        }

        _tokensColumnName = tokensColumnName;
        _scoring = scoring;
        _vocabulary = vocabulary;
        _network = network;
        _scorer = scorer;
        _adaptation = adaptation;
        _env = env;
    }

    /// <summary>How the model turns contexts into distributions.</summary>
    public LanguageModelHead Head => _network.Shape.Head;

    /// <summary>Trainable numbers, the tied embedding counted once.</summary>
    public long ParameterCount => _network.Shape.ParameterCount;

    /// <summary>The words the model knows, the unknown word and the end-of-sentence mark among them.</summary>
    public IReadOnlyList<string> Words => _vocabulary.Words;

    /// <summary>The one of <see cref="Words"/> that stands for words the model does not know.</summary>
    public string UnknownWord => _vocabulary.UnknownWord;

    /// <summary>Which columns are added, and what rows are conditioned on.</summary>
    public ScoringOptions Scoring => _scoring;

    /// <summary>How the model adapts to the text it reads; null where it stays as it is.</summary>
    public DynamicEvaluationOptions? DynamicEvaluation => _adaptation?.Options;

    internal string TokensColumnName => _tokensColumnName;

    internal Vocabulary Vocabulary => _vocabulary;

    internal LanguageModelNetwork Network => _network;

    /// <summary>Scores of rows one batch after another, nothing but log-likelihoods asked.</summary>
    internal BatchScorer OpenScorer() => new(_scorer, _vocabulary, _scoring, default, OpenAdaptive());

    /// <summary>In a stream or document a row depends on those before it; in the row context each is mapped by itself.</summary>
    public bool IsRowToRowMapper => _scoring.Context == ScoringContext.Row;

    /// <summary>The same model with other columns or another context; the two share the network.</summary>
    public LanguageModelTransformer WithScoring(ScoringOptions scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        return scoring.Precision == _scoring.Precision
            ? new(_tokensColumnName, scoring, _vocabulary, _network, _scorer, _adaptation, _env)
            : new(_tokensColumnName, scoring, _vocabulary, _network, _adaptation, _env);
    }

    /// <summary>The same model reading rows as a stream to which it adapts; the two share the network, which stays as it is.</summary>
    internal LanguageModelTransformer WithAdaptation(DynamicEvaluation adaptation) =>
        new(_tokensColumnName, _scoring with { Context = ScoringContext.Stream }, _vocabulary, _network, _scorer, adaptation, _env);

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => MakeColumns(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AddedColumnsView(input, MakeColumns(input.Schema), inOrder: _scoring.Context != ScoringContext.Row);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The context is not the row.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => IsRowToRowMapper
        ? new AddedColumnsMapper(MakeColumns(inputSchema))
        : throw new InvalidOperationException("In a stream or document a row depends on those before it: use the row context for single predictions.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _scorer.Dispose();
        _adaptation?.Statistics.Dispose();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        // A disposed network has no weights left, so it would be saved without an error, over a good file perhaps.
        using Lock.Scope turn = _network.TakeTurn();
        new ModelEntries(_tokensColumnName, _scoring, _vocabulary, _network, _adaptation).Write(
            new ComponentWriter(ctx, LoadableComponents.LanguageModel.Identity));
    }

    internal static LanguageModelTransformer Load(IHostEnvironment env, ComponentReader reader)
    {
        ModelEntries model = ModelEntries.Read(reader, ComputeDevice.Choose(HostSettings.Of(env)));
        return new(model.TokensColumnName, model.Scoring, model.Vocabulary, model.Network, model.Adaptation, env);
    }

    private ScoreColumns MakeColumns(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new(
            schema, _tokensColumnName, _scoring, _scorer, _vocabulary, OpenAdaptive, rows => new ScoringLog(_env, rows, TimeProvider.System));
    }

    private AdaptiveScorer? OpenAdaptive() => _adaptation?.Open(_network, _vocabulary.EndOfSentenceIndex);
}
