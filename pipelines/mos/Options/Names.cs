using System.Text.RegularExpressions;

namespace Mos.Options;

/// <summary>How names of the library are written on the command line.</summary>
internal static partial class Names
{
    /// <summary><c>HiddenSize</c> is <c>hidden-size</c>.</summary>
    public static string Kebab(string name) => WordStart().Replace(name, "-").ToLowerInvariant();

    /// <summary>The option that sets a property: <c>--hidden-size</c> for <c>HiddenSize</c>.</summary>
    public static string OptionOf(string property) => "--" + Kebab(property);

    /// <summary>A word stays (<c>softmax</c>), three or more are their initials (<c>MixtureOfSoftmaxes</c> is <c>mos</c>).</summary>
    public static string Short(string name) =>
        name.Count(char.IsUpper) > 2 ? string.Concat(name.Where(char.IsUpper)).ToLowerInvariant() : name.ToLowerInvariant();

    [GeneratedRegex("(?<!^)(?=[A-Z])")]
    private static partial Regex WordStart();
}
