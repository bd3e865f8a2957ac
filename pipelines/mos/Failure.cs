using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Mos;

/// <summary>Describes exceptions to users of the command line.</summary>
internal static class Failure
{
    /// <summary>One line: what went wrong, and not that something did while something else was made.</summary>
    public static string Describe(Exception exception) => OptionRange.MessageOf(ModelLoader.CauseOf(exception)).Split(['\r', '\n'], 2)[0];
}
