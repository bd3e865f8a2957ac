using System.Text.RegularExpressions;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

/// <summary>What clients of the service are not to read.</summary>
internal static partial class Leaks
{
    /// <summary>Fails on names of .NET types, on words of its framework, and on paths of files.</summary>
    public static void AssertNone(string answer) => Assert.DoesNotMatchRegex(Internals(), answer);

    [GeneratedRegex(
        @"System\.|Microsoft\.|MosService|Exception|Parameter|converted|Implicit|RegisterProvider|LineNumber|ILanguageModelScorer" +
        @"|/tmp/|/home/|/nowhere/|\.cs\b|\\\\",
        RegexOptions.CultureInvariant)]
    private static partial Regex Internals();
}
