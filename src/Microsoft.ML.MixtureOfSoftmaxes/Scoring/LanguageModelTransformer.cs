using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// A trained language model as a transformer: from a token column to log-likelihood, token count, out-of-vocabulary count and
/// perplexity of each row. Disposing it frees the network, also for those that <see cref="WithScoring"/> made of it.
/// </summary>
public sealed class LanguageModelTransformer : ITransformer, IDisposable
{
    private readonly string _tokensColumnName;
    private readonly ScoringOptions _scoring;
    private readonly Vocabulary _vocabulary;
    private readonly LanguageModelNetwork _network;
    private readonly SequenceScorer _scorer;

    internal LanguageModelTransformer(
        string tokensColumnName, ScoringOptions scoring, Vocabulary vocabulary, LanguageModelNetwork network)
        : this(tokensColumnName, scoring, vocabulary, network, new SequenceScorer(network, vocabulary.EndOfSentenceIndex))
    {
    }

    private LanguageModelTransformer(
        string tokensColumnName, ScoringOptions scoring, Vocabulary vocabulary, LanguageModelNetwork network, SequenceScorer scorer)
    {
        _tokensColumnName = tokensColumnName;
        _scoring = scoring;
        _vocabulary = vocabulary;
        _network = network;
        _scorer = scorer;
    }

    /// <summary>How the model turns contexts into distributions.</summary>
    public LanguageModelHead Head => _network.Shape.Head;

    /// <summary>Trainable numbers, the tied embedding counted once.</summary>
    public long ParameterCount => _network.Shape.ParameterCount;

    /// <summary>The words the model knows, the unknown word and the end-of-sentence mark among them.</summary>
    public IReadOnlyList<string> Words => _vocabulary.Words;

    /// <summary>Which columns are added, and what rows are conditioned on.</summary>
    public ScoringOptions Scoring => _scoring;

    internal string TokensColumnName => _tokensColumnName;

    internal Vocabulary Vocabulary => _vocabulary;

    internal LanguageModelNetwork Network => _network;

    internal BatchScorer OpenScorer() => new(_scorer, _vocabulary, _scoring.Context);

    /// <summary>In a stream a row depends on those before it; otherwise each is mapped by itself.</summary>
    public bool IsRowToRowMapper => _scoring.Context == ScoringContext.Row;

    /// <summary>The same model with other columns or another context; the two share the network.</summary>
    public LanguageModelTransformer WithScoring(ScoringOptions scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        scoring.Validate();
        return new(_tokensColumnName, scoring, _vocabulary, _network, _scorer);
    }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => MakeColumns(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AddedColumnsView(input, MakeColumns(input.Schema), inOrder: _scoring.Context == ScoringContext.Stream);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The context is a stream.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => IsRowToRowMapper
        ? new AddedColumnsMapper(MakeColumns(inputSchema))
        : throw new InvalidOperationException("In a stream a row depends on those before it: use the row context for single predictions.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _scorer.Dispose();
        _network.Dispose();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        // A disposed network has no weights left, so it would be saved without an error, over a good file perhaps.
        ObjectDisposedException.ThrowIf(_network.Embedding.IsInvalid, this);
        new ModelEntries(_tokensColumnName, _scoring, _vocabulary, _network).Write(
            new ComponentWriter(ctx, LoadableComponents.LanguageModel.Identity));
    }

    internal static LanguageModelTransformer Load(IHostEnvironment env, ComponentReader reader)
    {
        ModelEntries model = ModelEntries.Read(reader, ComputeDevice.Choose(HostSettings.Of(env)));
        return new(model.TokensColumnName, model.Scoring, model.Vocabulary, model.Network);
    }

    private ScoreColumns MakeColumns(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new(schema, InputColumn.Tokens(schema, _tokensColumnName), _scoring, _scorer, _vocabulary);
    }
}
