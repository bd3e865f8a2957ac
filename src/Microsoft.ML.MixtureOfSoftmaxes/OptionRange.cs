using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Checks options before libtorch sees any; each error names the option, its value and its range.</summary>
internal static class OptionRange
{
    public static void Range(long value, long least, long most, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < least || value > most)
        {
            throw Wrong(name, value, most is int.MaxValue or long.MaxValue ? $"at least {least}" : $"from {least} to {most}");
        }
    }

    public static void Rate(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= 0 && value < 1))
        {
            throw Wrong(name, value, "at least 0 and below 1");
        }
    }

    public static void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw Wrong(name, value, "a number of at least 0");
        }
    }

    public static void Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw Wrong(name, value, "a number above 0");
        }
    }

    public static void Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw Wrong(name, value, "one of " + string.Join(", ", Enum.GetNames<T>()));
        }
    }

    public static ArgumentException Wrong(string name, object value, string range)
    {
        string option = name[(name.LastIndexOf('.') + 1)..];
        return new(FormattableString.Invariant($"{option} is {value}; it must be {range}."), option);
    }
}
