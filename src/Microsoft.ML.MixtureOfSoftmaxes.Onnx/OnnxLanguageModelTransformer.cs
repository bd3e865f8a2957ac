using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Onnx;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// A language model in ONNX as a transformer: from a token column to the columns that <see cref="ScoringOptions"/> names, as
/// <see cref="LanguageModelTransformer"/>, but computed by ONNX Runtime. Safe to use from several threads.
/// </summary>
/// <remarks>
/// Transformers of one model share what computes, as those on libtorch do: dispose the last one in use, and only that. It is saved as the
/// file of ONNX that it was loaded from, and not by ML.NET.
/// </remarks>
public sealed class OnnxLanguageModelTransformer : IScoringTransformer
{
    private readonly OnnxModel _model;
    private readonly OnnxSequenceScorer _scorer;
    private readonly IHostEnvironment _env;

    internal OnnxLanguageModelTransformer(OnnxModel model, OnnxSequenceScorer scorer, IHostEnvironment env)
    {
        model.Validate();
        _model = model;
        _scorer = scorer;
        _env = env;
    }

    /// <summary>How the model turns contexts into distributions.</summary>
    public LanguageModelHead Head => _model.Settings.Network.Head;

    /// <summary>Trainable numbers of the model it was exported from, the tied embedding counted once.</summary>
    public long ParameterCount => _model.Settings.Network.ParameterCount;

    /// <summary>The words the model knows, the unknown word and the end-of-sentence mark among them.</summary>
    public IReadOnlyList<string> Words => _model.Vocabulary.Words;

    /// <summary>Which columns are added, and what rows are conditioned on.</summary>
    public ScoringOptions Scoring => _model.Scoring;

    /// <summary>In a stream or document a row depends on those before it; in the row context each is mapped by itself.</summary>
    public bool IsRowToRowMapper => Scoring.Context == ScoringContext.Row;

    IScoringModel IScoringTransformer.Model => _model;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => MakeColumns(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AddedColumnsView(this, input, MakeColumns(input.Schema), inOrder: !IsRowToRowMapper);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The context is not the row.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => IsRowToRowMapper
        ? new AddedColumnsMapper(MakeColumns(inputSchema))
        : throw new InvalidOperationException(
            "In a stream or document a row depends on those before it: use the row context for single predictions.");

    /// <summary>Frees the model, for all its transformers.</summary>
    public void Dispose() => _scorer.Dispose();

    IScoringTransformer IScoringTransformer.WithScoring(ScoringOptions scoring) =>
        new OnnxLanguageModelTransformer(_model with { Scoring = scoring }, _scorer, _env);

    IScoringTransformer IScoringTransformer.WithGiven(int[] context) =>
        new OnnxLanguageModelTransformer(_model with { Given = context }, _scorer, _env);

    SequenceScores[] IScoringTransformer.ScoreRows(IReadOnlyList<int[]> rows, TokenDetail detail) =>
        _scorer.ScoreRows(rows, detail, Scoring.Precision, default);

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException(
        "A model in ONNX is not saved into a model of ML.NET: keep the file that it was loaded from, and load that.");

    private AddedScores MakeColumns(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new(schema, _model, _scorer, _env);
    }
}
