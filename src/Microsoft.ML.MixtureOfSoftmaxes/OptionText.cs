using System.Globalization;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Reads options that command lines and configuration give as text: the same in every culture, and nothing separates thousands.</summary>
internal static class OptionText
{
    /// <param name="text">The value.</param>
    /// <param name="type">A number, a Boolean, a string, a time or several integers.</param>
    /// <exception cref="FormatException">It is no such value; see <see cref="Form"/>.</exception>
    /// <exception cref="OverflowException">It is outside the range of the type.</exception>
    public static object Parse(string text, Type type) =>
        type == typeof(TimeSpan) ? Duration.Parse(text)
        : type == typeof(double) ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
        : type == typeof(int[]) ? Array.ConvertAll(text.Split(','), number => int.Parse(number, NumberStyles.Integer, CultureInfo.InvariantCulture))
        : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);

    /// <summary>What a value of the type must be, for messages.</summary>
    public static string Form(Type type) =>
        type == typeof(TimeSpan) ? $"of the form {Duration.Forms}"
        : type == typeof(double) ? "a number, with a point before its decimals"
        : type == typeof(bool) ? "true or false"
        : type == typeof(string) ? "text"
        : type == typeof(int[]) ? "integers with commas between them"
        : "an integer";
}
