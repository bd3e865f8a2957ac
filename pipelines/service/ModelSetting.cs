using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

namespace MosService;

/// <summary>A model that the service is to have.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Path">Its file.</param>
/// <param name="IsLoadedAtStart">Whether it is loaded at the start, or when it is first asked for.</param>
/// <param name="Options">Options of its own, which override those of all scorers; null for none.</param>
internal sealed record ModelSetting(string Name, string Path, bool IsLoadedAtStart, IConfiguration? Options)
{
    // What is code cannot be a setting.
    private static readonly string[] s_optionNames =
    [
        .. typeof(LanguageModelScorerOptions).GetProperties()
            .Where(option => !option.PropertyType.IsAssignableTo(typeof(Delegate))).Select(option => option.Name),
    ];

    /// <summary>The models that the configuration names: that of <c>model</c> first, then those of <c>models</c> by their names.</summary>
    /// <exception cref="ArgumentException">There is none, or a setting is unknown, missing, or of another form.</exception>
    public static IReadOnlyList<ModelSetting> Read(IConfiguration configuration)
    {
        CheckNames(configuration.GetSection("scorer"), s_optionNames);
        List<ModelSetting> models = [];
        if ((configuration["model"] ?? configuration["scorer:ModelPath"]) is { Length: > 0 } path)
        {
            models.Add(new(System.IO.Path.GetFileNameWithoutExtension(path), path, IsLoadedAtStart: true, null));
        }

        models.AddRange(configuration.GetSection("models").GetChildren().Select(Read));
        return models.Count == 0
            ? throw new ArgumentException("No model is named.")
            : models.Skip(1).Any(model => model.Name == models[0].Name)
                ? throw new ArgumentException($"Two models are called '{models[0].Name}': call the one of models:{models[0].Name} otherwise.")
                : models;
    }

    public void AddTo(IServiceCollection services, IConfiguration all)
    {
        services.AddKeyedMixtureOfSoftmaxes(Name, all);
        services.AddKeyedMixtureOfSoftmaxes(Name, options => options.ModelPath = Path);
        if (Options is not null)
        {
            services.AddKeyedMixtureOfSoftmaxes(Name, Options);
        }
    }

    private static ModelSetting Read(IConfigurationSection section)
    {
        CheckNames(section, ["path", "load", .. s_optionNames.Where(name => name != nameof(LanguageModelScorerOptions.ModelPath))]);
        return new(
            section.Key,
            section["path"] ?? throw new ArgumentException($"{section.Path}:path is missing; it must be the path of a model file."),
            section["load"]?.ToUpperInvariant() switch
            {
                null or "START" => true,
                "DEMAND" => false,
                _ => throw new ArgumentException($"{section.Path}:load is '{section["load"]}'; it must be start or demand."),
            },
            section);
    }

    // A misspelt setting would be without effect.
    internal static void CheckNames(IConfigurationSection settings, string[] names)
    {
        if (settings.GetChildren().FirstOrDefault(s => !names.Contains(s.Key, StringComparer.OrdinalIgnoreCase)) is { Path: string unknown })
        {
            throw new ArgumentException($"There is no setting {unknown}; {settings.Path} has {string.Join(", ", names)}.");
        }
    }
}
