using Microsoft.ML.MixtureOfSoftmaxes;

namespace Benchmarks.Reports;

/// <summary>Names of parts and cases in reports.</summary>
internal static class Names
{
    public static string Of(Part part) => part switch
    {
        Part.Head => "head alone",
        Part.Step => "training step",
        _ => "scoring",
    };

    public static string Of(Formulation formulation) => $"{formulation}".ToLowerInvariant();

    public static string Of(Case which) => $"{Of(which.Formulation)} {Of(which.Precision)}";

    public static string Of(Precision precision) => $"{precision}".ToLowerInvariant();
}
