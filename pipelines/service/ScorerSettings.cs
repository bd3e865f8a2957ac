using System.Reflection;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

namespace MosService;

/// <summary>Reads the scorer's options from settings, with errors that name the setting, its value and what it must be.</summary>
internal static class ScorerSettings
{
    private static readonly PropertyInfo[] s_options = typeof(LanguageModelScorerOptions).GetProperties();

    /// <exception cref="OptionsValidationException">Settings name no option, or have values that are none of its type.</exception>
    public static void Bind(IConfigurationSection settings, LanguageModelScorerOptions options)
    {
        string[] failures = [.. settings.GetChildren().Select(setting => TryBind(setting, options)).OfType<string>()];
        if (failures.Length > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(LanguageModelScorerOptions), failures);
        }
    }

    /// <summary>What is wrong with the setting; null if nothing is.</summary>
    private static string? TryBind(IConfigurationSection setting, LanguageModelScorerOptions options)
    {
        if (s_options.FirstOrDefault(o => o.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)) is not PropertyInfo option)
        {
            return $"There is no setting {setting.Path}: it must be one of {string.Join(", ", s_options.Select(o => o.Name))}.";
        }

        try
        {
            object? value = setting.Get(option.PropertyType);
            if (value is not null || !option.PropertyType.IsValueType || Nullable.GetUnderlyingType(option.PropertyType) is not null)
            {
                option.SetValue(options, value);
                return null;
            }
        }
        catch (InvalidOperationException)
        {
            // The message names types.
        }

        return $"{setting.Path} is '{setting.Value}'; it must be {Describe(option.PropertyType)}.";
    }

    private static string Describe(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var t && t == typeof(bool) ? "true or false"
        : t == typeof(TimeSpan) ? "a time of the form hh:mm:ss"
        : "an integer";
}
