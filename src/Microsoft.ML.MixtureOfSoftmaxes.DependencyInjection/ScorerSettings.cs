using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>
/// Reads the options of a scorer from configuration, each by its name. A binder would take a time of 90 for 90 days, and name types of
/// .NET in its errors.
/// </summary>
internal static class ScorerSettings
{
    /// <param name="settings">The values.</param>
    /// <param name="options">What they are applied to.</param>
    /// <param name="name">The name of the model; null for the one without.</param>
    /// <exception cref="OptionsValidationException">Values that cannot be read; it names all of them.</exception>
    public static void Apply(IConfiguration settings, LanguageModelScorerOptions options, string? name)
    {
        List<string> failures = [];
        foreach (IConfigurationSection setting in settings.GetChildren())
        {
            PropertyInfo? property = typeof(LanguageModelScorerOptions).GetProperty(
                setting.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            string? text = setting.Value ?? Join(setting.GetChildren());
            if (property is not null && !property.PropertyType.IsAssignableTo(typeof(Delegate)) && !TryApply(text, property, options))
            {
                failures.Add($"{property.Name} is '{text}'; it must be {OptionText.Form(Underlying(property))}.");
            }
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(name ?? Options.DefaultName, typeof(LanguageModelScorerOptions), Of(name, failures));
        }
    }

    /// <summary>Failures that say which model they are of.</summary>
    public static IEnumerable<string> Of(string? name, IEnumerable<string> failures) =>
        string.IsNullOrEmpty(name) ? failures : failures.Select(failure => $"Model '{name}': {failure}");

    /// <summary>The elements of an array; null if there are none.</summary>
    private static string? Join(IEnumerable<IConfigurationSection> elements) =>
        elements.Any() ? string.Join(',', elements.Select(element => element.Value)) : null;

    private static bool TryApply(string? text, PropertyInfo property, LanguageModelScorerOptions options)
    {
        Type type = Underlying(property);
        if (string.IsNullOrEmpty(text) && (type != property.PropertyType || type.IsArray))
        {
            property.SetValue(options, null);
            return true;
        }

        try
        {
            property.SetValue(options, OptionText.Parse(text ?? "", type));
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static Type Underlying(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
}
