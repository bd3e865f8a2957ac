using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Reads times that people write. A bare number is none: some would take it for seconds, and .NET takes it for days.</summary>
internal static class Duration
{
    /// <summary>The forms, for messages.</summary>
    public const string Forms = "hh:mm:ss, or a number with its unit: 500ms, 90s, 15m, 2h or 3d";

    private static readonly Regex s_clock =
        new(@"^((?<days>[0-9]+)\.)?(?<hours>[0-9]+):(?<minutes>[0-5]?[0-9]):(?<seconds>[0-5]?[0-9](\.[0-9]+)?)\z");

    private static readonly Regex s_withUnit = new(@"^(?<number>[0-9]+(\.[0-9]+)?)(?<unit>ms|s|m|h|d)\z");

    /// <param name="text">In one of the forms; hours may exceed 23, and days may stand before them as .NET writes them, 1.02:30:00.</param>
    /// <exception cref="FormatException">It has another form.</exception>
    /// <exception cref="OverflowException">It is longer than a <see cref="TimeSpan"/> can be.</exception>
    public static TimeSpan Parse(string text)
    {
        if (s_clock.Match(text) is { Success: true, Groups: var clock })
        {
            decimal hours = (Number(clock["days"]) * 24) + Number(clock["hours"]);
            return OfSeconds((((hours * 60) + Number(clock["minutes"])) * 60) + Number(clock["seconds"]));
        }

        if (s_withUnit.Match(text) is { Success: true, Groups: var measure })
        {
            return OfSeconds(Number(measure["number"]) * SecondsIn(measure["unit"].Value));
        }

        throw new FormatException($"'{text}' is not of the form {Forms}.");
    }

    private static decimal SecondsIn(string unit) => unit switch
    {
        "ms" => 0.001m,
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        _ => 24 * 60 * 60,
    };

    private static decimal Number(Group digits) => digits.Success ? decimal.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static TimeSpan OfSeconds(decimal seconds) => new((long)(seconds * TimeSpan.TicksPerSecond));
}
