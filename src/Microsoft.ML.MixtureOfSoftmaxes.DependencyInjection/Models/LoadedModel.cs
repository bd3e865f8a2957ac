namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>A model loaded from a file, which has been found to score text. Not thread-safe.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly MLContext _ml;
    private readonly ITransformer _pipeline;
    private readonly LanguageModelTransformer _languageModel;
    private readonly LanguageModelScorerOptions _options;

    private LoadedModel(MLContext ml, ITransformer pipeline, LanguageModelScorerOptions options, FileStamp stamp)
    {
        _ml = ml;
        _pipeline = ml.LanguageModeling.ChangeScoring(pipeline, scoring => scoring with { Context = ScoringContext.Row });
        _languageModel = ml.LanguageModeling.GetLanguageModel(_pipeline);
        _options = options;
        Stamp = stamp;
    }

    public FileStamp Stamp { get; }

    public DateTimeOffset Loaded { get; } = DateTimeOffset.UtcNow;

    public int VocabularySize => _languageModel.Words.Count;

    public long ParameterCount => _languageModel.ParameterCount;

    /// <exception cref="InvalidDataException">The file is missing, damaged, or holds no model that scores text.</exception>
    public static LoadedModel Load(LanguageModelScorerOptions options)
    {
        LoadedModel? model = null;
        try
        {
            FileStamp stamp = FileStamp.Of(options.ModelPath);
            var ml = new MLContext { GpuDeviceId = options.GpuDeviceId, FallbackToCpu = options.FallbackToCpu };
            model = new(ml, ml.LanguageModeling.Load(options.ModelPath, out _), options, stamp);
            model.Score([""]); // A chain that takes no texts is no use. That its weights are sound was found when it was loaded.
            return model;
        }
        catch (Exception e) when (e is not InvalidDataException)
        {
            model?.Dispose();
            throw new InvalidDataException($"Cannot serve '{options.ModelPath}' as a language model: {e.Message}", e);
        }
    }

    /// <summary>
    /// A score for each text, from one pass over them. A log-likelihood is not finite where the network overflows.
    /// </summary>
    public IReadOnlyList<TextScore> Score(IEnumerable<string> texts) =>
        _ml.LanguageModeling.Score(_pipeline, texts, _options.TextColumnName, _options.IncludeTokens);

    public void Dispose() => _languageModel.Dispose();
}
