using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>A model file in memory, known to score. For one caller at a time.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly MLContext _ml;
    private readonly ITransformer _pipeline;
    private readonly LanguageModelTransformer _languageModel;
    private readonly SchemaDefinition _columns;

    private LoadedModel(MLContext ml, ITransformer pipeline, string textColumnName, FileStamp stamp)
    {
        _ml = ml;
        _pipeline = ml.LanguageModeling.ChangeScoring(pipeline, scoring => scoring with { Context = ScoringContext.Row });
        _languageModel = ml.LanguageModeling.GetLanguageModel(_pipeline);
        _columns = SchemaDefinition.Create(typeof(TextLine));
        _columns[nameof(TextLine.Text)].ColumnName = textColumnName;
        Stamp = stamp;
    }

    public FileStamp Stamp { get; }

    public DateTimeOffset Loaded { get; } = DateTimeOffset.UtcNow;

    public int VocabularySize => _languageModel.Words.Count;

    public long ParameterCount => _languageModel.ParameterCount;

    /// <exception cref="InvalidDataException">The file is missing, damaged, or holds no model that scores text.</exception>
    public static LoadedModel Load(LanguageModelScorerOptions options)
    {
        FileStamp stamp = FileStamp.Of(options.ModelPath);
        LoadedModel? model = null;
        try
        {
            var ml = new MLContext { GpuDeviceId = options.GpuDeviceId, FallbackToCpu = options.FallbackToCpu };
            model = new(ml, ml.Model.Load(options.ModelPath, out _), options.TextColumnName, stamp);
            model.CheckThatItScores();
            return model;
        }
        catch (Exception e)
        {
            // What a damaged file raises depends on where the damage is.
            model?.Dispose();
            throw new InvalidDataException($"Cannot serve '{options.ModelPath}' as a language model: {Cause(e).Message}", e);
        }
    }

    /// <summary>One score a text, from one pass over them; a score that the model has no number for is not finite.</summary>
    public TextScore[] Score(IEnumerable<string> texts)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(texts.Select(text => new TextLine { Text = text }), _columns);
        IDataView scored = _pipeline.Transform(rows);
        DataViewSchema.Column logLikelihood = scored.Schema[_languageModel.Scoring.LogLikelihoodColumnName];
        DataViewSchema.Column tokenCount = scored.Schema[_languageModel.Scoring.TokenCountColumnName];
        DataViewSchema.Column unknownCount = scored.Schema[_languageModel.Scoring.OutOfVocabularyCountColumnName];
        using DataViewRowCursor cursor = scored.GetRowCursor([logLikelihood, tokenCount, unknownCount]);
        ValueGetter<float> logLikelihoodGetter = cursor.GetGetter<float>(logLikelihood);
        ValueGetter<int> tokenCountGetter = cursor.GetGetter<int>(tokenCount);
        ValueGetter<int> unknownCountGetter = cursor.GetGetter<int>(unknownCount);
        var scores = new List<TextScore>();
        float sum = 0;
        int tokens = 0, unknown = 0;
        while (cursor.MoveNext())
        {
            logLikelihoodGetter(ref sum);
            tokenCountGetter(ref tokens);
            unknownCountGetter(ref unknown);
            scores.Add(new(sum, tokens, unknown));
        }

        return [.. scores];
    }

    public void Dispose() => _languageModel.Dispose();

    // Every weight takes part in predicting one word, since the probabilities are normalised over all words.
    private void CheckThatItScores()
    {
        if (!double.IsFinite(Score([""])[0].LogLikelihood))
        {
            throw new InvalidDataException("Its log-likelihoods are not finite, so its weights are damaged or training diverged.");
        }
    }

    // The official ML.NET wraps what a component's loader throws.
    private static Exception Cause(Exception e) => e is TargetInvocationException { InnerException: Exception inner } ? Cause(inner) : e;
}
