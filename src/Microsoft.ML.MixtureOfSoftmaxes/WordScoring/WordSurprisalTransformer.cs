using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.WordScoring;

/// <summary>A model, and behind its score columns those of words.</summary>
internal sealed class WordSurprisalTransformer : ITransformer
{
    private const string Tokens = "Scored tokens";
    private const string LogLikelihoods = "Log-likelihoods of scored tokens";

    private readonly IScoringTransformer _languageModel;
    private readonly WordAligner _aligner;
    private readonly string _textColumnName;

    /// <exception cref="ArgumentException">There is no language model in it.</exception>
    public WordSurprisalTransformer(ITransformer model, string textColumnName)
    {
        Model = ModelChain.Replace<IScoringTransformer>(model, found => found.WithScoring(found.Model.Scoring with
        {
            TokensColumnName = found.Model.Scoring.TokensColumnName ?? Tokens,
            TokenLogLikelihoodsColumnName = found.Model.Scoring.TokenLogLikelihoodsColumnName ?? LogLikelihoods,
        }));
        _languageModel = ModelChain.Find<IScoringTransformer>(Model);
        _aligner = new(_languageModel.Model.Vocabulary, ModelChain.FindTokenizer(Model, _languageModel.Model.Vocabulary));
        _textColumnName = textColumnName;
    }

    /// <summary>The model, which adds the columns that words are made of.</summary>
    public ITransformer Model { get; }

    public bool IsRowToRowMapper => false;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => MakeColumns(Model.GetOutputSchema(inputSchema)).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        IDataView scored = Model.Transform(input);
        return new AddedColumnsView(this, scored, MakeColumns(scored.Schema), inOrder: !_languageModel.IsRowToRowMapper);
    }

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw new NotSupportedException("Words are read from the columns of a data view.");

    /// <summary>The columns of words over those of the model.</summary>
    public WordColumns MakeColumns(DataViewSchema scored) => new(scored, _textColumnName, _languageModel.Model, _aligner);

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException("The columns of words are not saved with a pipe: save the model, which makes them anew.");
}
