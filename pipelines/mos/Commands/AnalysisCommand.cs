using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Input;
using Mos.Options;
using Mos.Reports.Figures;

namespace Mos.Commands;

/// <summary>A command that analyses models on text, and shows what it finds as tables or JSON, and on a page.</summary>
internal abstract class AnalysisCommand(string name, string description, params string[] examples)
    : MosCommand(name, description, examples)
{
    protected Option<string[]> Model { get; } = new("--model")
    {
        HelpName = "file.zip",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        Required = true,
    };

    protected Option<string[]> Data { get; } = CommonOptions.TextFiles(
        "--data", "The text to analyse, files in reading order.", isRequired: true);

    protected TableChoices Tables { get; } = new();

    protected Option<int> Contexts { get; } = CommonOptions.Integer("--contexts", 2_000);

    protected Option<string> Page { get; } = new("--output")
    {
        Description = "An HTML page to write, with the figures and charts; it replaces an older one only when complete.",
        HelpName = "report.html",
    };

    protected Option<int?> Device { get; } = CommonOptions.Device();

    protected Option<bool> Json { get; } = CommonOptions.Json();

    protected sealed override int Run(Session session)
    {
        string[] paths = session.Get(Model);
        string? page = session.Get(Page);
        Check(session, paths, page);
        using var interrupt = new Interrupt(session, "stopping after the step in work.");
        Findings findings = Analyze(session, [.. FileNames.Short(paths).Zip(paths)], interrupt.Token);
        if (!session.IsFirst)
        {
            return ExitCode.Done;
        }

        if (page is not null)
        {
            AtomicFile.WriteText(page, findings.WritePage);
        }

        if (session.Get(Json))
        {
            session.WriteJson(findings.Json);
        }
        else
        {
            findings.WriteTables(session.Output);
        }

        return ExitCode.Done;
    }

    /// <param name="session">The run of the command.</param>
    /// <param name="models">The model files, and the names under which they are shown.</param>
    /// <param name="cancellationToken">Ends the analysis with an <see cref="OperationCanceledException"/>.</param>
    protected abstract Findings Analyze(
        Session session, IReadOnlyList<(string Name, string Path)> models, CancellationToken cancellationToken);

    // Before the work starts: a mistake must not cost an analysis.
    private static void Check(Session session, string[] models, string? page)
    {
        FileNames.CheckDistinct("--model", models);
        if (models.Length > SpectrumFigure.MaxModels)
        {
            throw new UsageException(
                $"--model names {models.Length} models; at most {SpectrumFigure.MaxModels} can be told apart on one page.");
        }

        if (session.IsFirst && page is not null)
        {
            AtomicFile.Prepare(page);
        }
    }

    /// <summary>The result of an analysis, in each form in which it can be shown.</summary>
    protected sealed record Findings(object Json, Action<TextWriter> WriteTables, Action<TextWriter> WritePage);
}
