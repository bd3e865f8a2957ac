using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Mos.Input.Tables;

/// <summary>A value of a table as text.</summary>
internal static class Cell
{
    /// <summary>Figures as in all JSON of the program, and letters as they are.</summary>
    public static JsonSerializerOptions Json { get; } = new(FigureJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Numbers as in the invariant culture, the values of a vector of numbers or texts with spaces between them, bytes in base 64, times by
    /// ISO 8601, whatever has parts as JSON, and a missing value as nothing.
    /// </summary>
    /// <param name="value">See <see cref="TableRow"/>.</param>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        JsonElement element => element.GetRawText(),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        Array vector => string.Join(' ', vector.Cast<object?>().Select(Text)),
        _ => JsonSerializer.Serialize(value, value.GetType(), Json),
    };
}
