using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Reports;

namespace Mos.Options;

/// <summary>Options of the commands that analyse models.</summary>
internal static class AnalysisOptions
{
    public static Option<string[]> Models(string description) => new("--model")
    {
        Description = description,
        HelpName = "file.zip",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        Required = true,
    };

    public static Option<int> Contexts(string description) => new("--contexts")
    {
        Description = description,
        HelpName = "integer",
        DefaultValueFactory = _ => 2_000,
    };

    public static Option<string> Page() => new("--output")
    {
        Description = "One HTML page to write with the figures and charts; it replaces an older one only when complete.",
        HelpName = "report.html",
    };

    /// <summary>Refuses models that one page cannot show, and a page that cannot be written, before the work.</summary>
    /// <param name="models">The values of <see cref="Models"/>.</param>
    /// <param name="page">The value of <see cref="Page"/>; null for none.</param>
    public static void Check(string[] models, string? page)
    {
        FileNames.CheckDistinct("--model", models);
        if (models.Length > RankPage.MostModels)
        {
            throw new UsageException($"--model names {models.Length} models; at most {RankPage.MostModels} can be told apart on one page.");
        }

        if (page is not null)
        {
            AtomicFile.Prepare(page);
        }
    }
}
