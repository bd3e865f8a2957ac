using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Display;
using Mos.Input;
using Mos.Options;
using Mos.Output;
using Mos.Reports.Pages;
using Mos.Reports.Runs;

namespace Mos.Commands;

/// <summary><c>mos compare</c>: several models on the same text.</summary>
internal sealed class CompareCommand : AnalysisCommand
{
    private readonly Option<bool> _rank = new("--rank") { Description = "Measure each model's rank too, as 'mos rank' does." };

    private readonly Option<int> _resamples = CommonOptions.Resamples();
    private readonly Option<int?> _blockLength = CommonOptions.BlockLength();

    private readonly Option<int> _examples = CommonOptions.Integer(
        "--examples", 10, "How many words that the models differ about to show, and how many of the best and of the worst rows.");

    private readonly Option<string[]> _run = new("--run")
    {
        Description = "Logs of training runs, as 'mos train --log-file' writes them, whose curves the page shows.",
        HelpName = "log.jsonl",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _context = ScalarValue.CreateChoice(
        "--context",
        Names.Short(nameof(ScoringContext.Stream)),
        [Names.Short(nameof(ScoringContext.Row)), Names.Short(nameof(ScoringContext.Stream))]);

    public CompareCommand()
        : base(
            "compare",
            "Compares models of one vocabulary on the same text: perplexity with confidence intervals, cost, perplexity by " +
            "word frequency, and the words and rows that show where they differ.",
            "mos compare --model softmax.zip mos.zip --data ptb.test.txt.gz",
            "mos compare --model softmax.zip moc.zip mos.zip --data ptb.test.txt.gz --rank " +
            "--run softmax.jsonl moc.jsonl mos.jsonl --output compared.html")
    {
        Model.Description = "The models to compare; the others are compared with the first.";
        Contexts.Description = "The number of contexts for the pairwise divergence and the rank, spread over the text.";
        _context.Description = "row: each row by itself; stream: the rows are one text, each conditioned on all before it.";
        AddOptions([Model, Data, .. Tables.All, _rank, Contexts, _resamples, _blockLength, _examples, _run, _context, Page, Device, Json]);
    }

    protected override Findings Analyze(
        Session session, IReadOnlyList<(string Name, string Path)> models, CancellationToken cancellationToken)
    {
        LoggedRun[] runs = RunLog.ReadAll(session.Get(_run));
        ModelComparison comparison = Compare(session, models, cancellationToken);
        return new(
            comparison,
            writer => ComparisonText.Write(writer, comparison),
            writer => ComparisonPage.Write(writer, comparison, runs));
    }

    private ModelComparison Compare(
        Session session, IReadOnlyList<(string Name, string Path)> files, CancellationToken cancellationToken)
    {
        MLContext ml = session.OpenContext(session.Get(Device));
        var models = new List<(string Name, ITransformer Model)>();
        var context = Enum.Parse<ScoringContext>(session.Get(_context), ignoreCase: true);
        try
        {
            foreach ((string name, string path) in files)
            {
                models.Add((name, Models.Load(ml, path, scoring => scoring with { Context = context })));
            }

            var options = new ModelComparisonOptions
            {
                MeasureRank = session.Get(_rank),
                Contexts = session.Get(Contexts),
                Resamples = session.Get(_resamples),
                BlockLength = session.Get(_blockLength),
                Examples = session.Get(_examples),
            };
            return ml.LanguageModeling.Compare(
                models, Tables.Load(session, ml, session.Get(Data)), options, new AnalysisLines(session.Error), cancellationToken);
        }
        finally
        {
            models.ForEach(model => ml.LanguageModeling.GetLanguageModel(model.Model).Dispose());
        }
    }
}
