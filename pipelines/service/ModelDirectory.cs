using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

namespace MosService;

/// <summary>The models by name. The first one is taken where a request names none.</summary>
/// <param name="models">Their names, and whether each is loaded at the start.</param>
/// <param name="services">Has their scorers, keyed by name.</param>
/// <param name="options">Their options.</param>
/// <param name="logger">Gets what keeps a model from being loaded on demand.</param>
internal sealed partial class ModelDirectory(
    IReadOnlyList<ModelSetting> models, IServiceProvider services, IOptionsMonitor<LanguageModelScorerOptions> options,
    ILogger<ModelDirectory> logger)
{
    public IEnumerable<ModelResponse> List() => models.Select(model => new ModelResponse(
        model.Name, new DateTimeOffset(File.GetLastWriteTimeUtc(options.Get(model.Name).ModelPath)).ToUnixTimeSeconds()));

    /// <exception cref="RequestException">There is no such model.</exception>
    public ModelResponse Find(string name) => List().FirstOrDefault(model => model.Id == name) ?? throw new RequestException(
        StatusCodes.Status404NotFound,
        $"The model '{name}' does not exist: take one of {string.Join(", ", models.Select(model => $"'{model.Name}'"))}.",
        "model",
        "model_not_found");

    /// <summary>A model's scorer or completer. The model is loaded now if it has not been.</summary>
    /// <param name="name">Its name; null for the first one.</param>
    /// <exception cref="RequestException">There is no such model, or it cannot be loaded.</exception>
    public async Task<(string Name, T Service)> GetAsync<T>(string? name)
        where T : notnull
    {
        string found = name is null ? models[0].Name : Find(name).Id;
        try
        {
            return (found, await Task.Run(() => services.GetRequiredKeyedService<T>(found)));
        }
        catch (Exception e) when (e is InvalidDataException or OptionsValidationException)
        {
            LogLoadingFailed(found, e.Message);
            throw new RequestException(
                StatusCodes.Status503ServiceUnavailable, $"The model '{found}' cannot be loaded; the service's log says why.", "model");
        }
    }

    /// <summary>Loads those that are to be loaded at the start.</summary>
    public void LoadAtStart()
    {
        foreach (ModelSetting model in models.Where(model => model.IsLoadedAtStart))
        {
            services.GetRequiredKeyedService<ILanguageModelScorer>(model.Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "The model '{Name}' cannot be loaded: {Reason}")]
    private partial void LogLoadingFailed(string name, string reason);
}
