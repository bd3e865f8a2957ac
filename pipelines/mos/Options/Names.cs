using System.Text.RegularExpressions;

namespace Mos.Options;

/// <summary>Turns names of the library into those of the command line.</summary>
internal static partial class Names
{
    /// <summary><c>hidden-size</c> for <c>HiddenSize</c>.</summary>
    public static string Kebab(string name) => WordStart().Replace(name, "-").ToLowerInvariant();

    /// <summary>The option that sets a property: <c>--hidden-size</c> for <c>HiddenSize</c>.</summary>
    public static string OptionOf(string property) => "--" + Kebab(property);

    /// <summary>
    /// The initials of three or more words, <c>mos</c> for <c>MixtureOfSoftmaxes</c>; fewer words in lower case.
    /// </summary>
    public static string Short(string name) =>
        name.Count(char.IsUpper) > 2 ? string.Concat(name.Where(char.IsUpper)).ToLowerInvariant() : name.ToLowerInvariant();

    [GeneratedRegex("(?<!^)(?=[A-Z])")]
    private static partial Regex WordStart();
}
