using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// How figures are written as JSON: names and enumerations in camel case. Exponentials overflow, and the mean of nothing is no number,
/// but JSON has finite numbers only: others are the strings "NaN", "Infinity" and "-Infinity".
/// </summary>
internal static class FigureJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
