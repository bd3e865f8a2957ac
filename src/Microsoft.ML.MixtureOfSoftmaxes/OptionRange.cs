using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Checks options before libtorch sees any; each error names the option, its value and its range. An option that is null, which stands for
/// its default, is in range.
/// </summary>
internal static class OptionRange
{
    public static void Range(long? value, long min, long max, [CallerArgumentExpression(nameof(value))] string name = "") => Check(
        value is null || (value >= min && value <= max), value,
        max is int.MaxValue or long.MaxValue ? $"at least {min}" : $"from {min} to {max}", name);

    /// <summary>A number of at least <paramref name="min"/>.</summary>
    public static void AtLeast(double? value, double min, [CallerArgumentExpression(nameof(value))] string name = "") => Check(
        value is null || (value >= min && double.IsFinite(value.Value)), value,
        FormattableString.Invariant($"a number of at least {min}"), name);

    public static void Positive(double? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is null || (value > 0 && double.IsFinite(value.Value)), value, "a number above 0", name);

    public static void Positive(TimeSpan? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is null || value > TimeSpan.Zero, value, "above zero", name);

    /// <summary>A probability of leaving something out: [0, 1).</summary>
    public static void Rate(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is >= 0 and < 1, value, "at least 0 and below 1", name);

    /// <summary>[0, 1].</summary>
    public static void Share(double? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is null or (>= 0 and <= 1), value, "from 0 to 1", name);

    /// <summary>(0, 1].</summary>
    public static void PositiveShare(double? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is null or (> 0 and <= 1), value, "above 0 and at most 1", name);

    /// <summary>(0, 1).</summary>
    public static void OpenShare(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is > 0 and < 1, value, "above 0 and below 1", name);

    public static void Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum => Check(Enum.IsDefined(value), value, "one of " + string.Join(", ", Enum.GetNames<T>()), name);

    /// <summary>The same; null is one of them.</summary>
    public static void Defined<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, Enum =>
        Defined(value ?? default, name);

    /// <summary>A name, such as that of a column.</summary>
    public static void Name(string value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Length > 0, $"'{value}'", "a name", name);

    public static ArgumentException Wrong(string name, object? value, string range)
    {
        string option = name[(name.LastIndexOf('.') + 1)..];
        return new(FormattableString.Invariant($"{option} is {value}; it must be {range}."), option);
    }

    /// <summary>What an error says, without the name of a parameter, which users do not see.</summary>
    public static string MessageOf(Exception exception) => exception is ArgumentException { ParamName: string name }
        ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : exception.Message;

    private static void Check(bool isInRange, object? value, string range, string name)
    {
        if (!isInRange)
        {
            throw Wrong(name, value, range);
        }
    }
}
