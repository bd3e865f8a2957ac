using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The text that stands for a value of each type, the same on every system.</summary>
internal static class TermText
{
    public static string Of<T>(T value) => value switch
    {
        bool flag => flag ? "1" : "0",
        float.NaN or double.NaN => "?",
        double number => number.ToString("G17", CultureInfo.InvariantCulture),
        DateTime or DateTimeOffset => string.Format(CultureInfo.InvariantCulture, "{0:o}", value),
        DataViewRowId id => $"0x{id.High:x16}{id.Low:x16}",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
