using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Analysis;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Display;
using Mos.Options;
using Mos.Output;
using Mos.Reports;

namespace Mos.Commands;

/// <summary>Several models on the same text.</summary>
internal sealed class CompareCommand : MosCommand
{
    private readonly Option<string[]> _model = AnalysisOptions.Models("The models to compare; the first is the one that the others are held against.");
    private readonly Option<string[]> _data = CommonOptions.TextFiles("--data", "The text to compare on, files in reading order.");
    private readonly Option<bool> _rank = new("--rank") { Description = "Measure each model's rank too, as 'mos rank' does." };
    private readonly Option<int> _contexts = AnalysisOptions.Contexts("Contexts spread over the text for the pairwise divergence and the rank.");
    private readonly Option<int> _resamples = new("--resamples")
    {
        Description = "Resamples of the rows for the 95 % confidence intervals.",
        HelpName = "integer",
        DefaultValueFactory = _ => 1_000,
    };

    private readonly Option<int> _examples = new("--examples")
    {
        Description = "How many words the models differ about, and how many of the best and the worst rows, to show.",
        HelpName = "integer",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string[]> _run = new("--run")
    {
        Description = "Logs of training runs, as 'mos train --log-file' wrote them, whose curves the page is to show.",
        HelpName = "log.jsonl",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _context = ScalarValue.CreateChoice(
        "--context", Names.Short(nameof(ScoringContext.Stream)), [Names.Short(nameof(ScoringContext.Row)), Names.Short(nameof(ScoringContext.Stream))]);

    private readonly Option<string> _output = AnalysisOptions.Page();
    private readonly Option<int?> _device = CommonOptions.Device();
    private readonly Option<bool> _json = CommonOptions.Json();

    public CompareCommand()
        : base(
            "compare",
            "Compares models of one vocabulary on the same text: perplexity with confidence intervals, cost, perplexity by word frequency, and " +
            "the words and rows that show where they differ.",
            "mos compare --model softmax.zip mos.zip --data ptb.test.txt.gz",
            "mos compare --model softmax.zip moc.zip mos.zip --data ptb.test.txt.gz --rank --run softmax.jsonl moc.jsonl mos.jsonl --output compared.html")
    {
        _context.Description = "row: each row by itself; stream: the rows are one text, each conditioned on all before it.";
        _data.Required = true;
        AddOptions(_model, _data, _rank, _contexts, _resamples, _examples, _run, _context, _output, _device, _json);
    }

    protected override int Run(Session session)
    {
        string[] paths = session.Get(_model);
        string page = session.Get(_output);
        AnalysisOptions.Check(paths, page);
        Reports.Run[] runs = RunLog.ReadAll(session.Get(_run));
        ModelComparison comparison = Compare(session, paths);
        if (page is not null)
        {
            AtomicFile.WriteText(page, writer => ComparisonPage.Write(writer, comparison, runs));
        }

        if (session.Get(_json))
        {
            session.WriteJson(comparison);
        }
        else
        {
            ComparisonText.Write(session.Output, comparison);
        }

        return ExitCode.Done;
    }

    private ModelComparison Compare(Session session, string[] paths)
    {
        MLContext ml = session.OpenContext(session.Get(_device));
        var models = new List<(string Name, ITransformer Model)>();
        var context = Enum.Parse<ScoringContext>(session.Get(_context), ignoreCase: true);
        using var interrupt = new Interrupt(session, "stopping after the step in work.");
        try
        {
            foreach ((string name, string path) in FileNames.Short(paths).Zip(paths))
            {
                models.Add((name, Models.Load(ml, path, scoring => scoring with { Context = context })));
            }

            var options = new ModelComparisonOptions
            {
                MeasureRank = session.Get(_rank),
                Contexts = session.Get(_contexts),
                Resamples = session.Get(_resamples),
                Examples = session.Get(_examples),
            };
            return ml.LanguageModeling.Compare(
                models, TextFiles.Load(ml, session.Get(_data)), options, new AnalysisLines(session.Error), interrupt.Token);
        }
        finally
        {
            models.ForEach(model => ml.LanguageModeling.GetLanguageModel(model.Model).Dispose());
        }
    }
}
