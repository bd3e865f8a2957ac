using System.Globalization;
using System.Reflection;

namespace MosService.Completions;

/// <summary>The most that a request for completions may ask for: the settings <c>completions</c>.</summary>
internal sealed class CompletionLimits
{
    /// <summary>Of <c>max_tokens</c>.</summary>
    public int MaximumTokens { get; private set; } = 4_096;

    /// <summary>Choices of all prompts of a request.</summary>
    public int MaximumChoices { get; private set; } = 128;

    /// <summary>Of <c>logprobs</c>.</summary>
    public int MaximumLogProbs { get; private set; } = 20;

    /// <summary>Texts in <c>stop</c>.</summary>
    public int MaximumStops { get; private set; } = 16;

    /// <exception cref="ArgumentException">A setting is unknown or out of its range.</exception>
    public static CompletionLimits Read(IConfiguration configuration)
    {
        var limits = new CompletionLimits();
        IConfigurationSection settings = configuration.GetSection("completions");
        PropertyInfo[] properties = typeof(CompletionLimits).GetProperties();
        ModelSetting.CheckNames(settings, [.. properties.Select(property => property.Name)]);
        foreach (IConfigurationSection setting in settings.GetChildren())
        {
            if (!int.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value == 0)
            {
                throw new ArgumentException($"{setting.Path} is '{setting.Value}'; it must be an integer, at least 1.");
            }

            properties.Single(property => property.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)).SetValue(limits, value);
        }

        return limits;
    }
}
