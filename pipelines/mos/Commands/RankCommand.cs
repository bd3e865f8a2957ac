using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Display;
using Mos.Options;
using Mos.Output;
using Mos.Reports;

namespace Mos.Commands;

/// <summary>The rank of models on text.</summary>
internal sealed class RankCommand : MosCommand
{
    private readonly Option<string[]> _model = AnalysisOptions.Models("The model to measure; several are shown together.");
    private readonly Option<string[]> _data = CommonOptions.TextFiles("--data", "The text to take contexts from, files in reading order.");
    private readonly Option<int> _contexts = AnalysisOptions.Contexts(
        "N, the contexts spread over the text, more than the embedding size; memory grows with N V, V the words of the vocabulary, and time " +
        "with N V min(N, V).");

    private readonly Option<string> _output = AnalysisOptions.Page();
    private readonly Option<int?> _device = CommonOptions.Device();
    private readonly Option<bool> _json = CommonOptions.Json();

    public RankCommand()
        : base(
            "rank",
            "Measures the rank of a model's log-probability matrix, contexts by words: one softmax is limited by its embedding size, a " +
            "mixture of softmaxes is not.",
            "mos rank --model mos.zip --data ptb.test.txt.gz",
            "mos rank --model softmax.zip moc.zip mos.zip --data ptb.test.txt.gz --contexts 5000 --output rank.html")
    {
        _data.Required = true;
        AddOptions(_model, _data, _contexts, _output, _device, _json);
    }

    protected override int Run(Session session)
    {
        string[] paths = session.Get(_model);
        string page = session.Get(_output);
        AnalysisOptions.Check(paths, page);
        using var interrupt = new Interrupt(session, "stopping after the step in work.");
        NamedRank[] ranks = [.. paths.Zip(FileNames.Short(paths), (path, name) => Analyze(session, path, name, interrupt.Token))];
        if (page is not null)
        {
            AtomicFile.WriteText(page, writer => RankPage.Write(writer, ranks));
        }

        if (session.Get(_json))
        {
            session.WriteJson(new { Models = ranks });
        }
        else
        {
            TextTable.Write(session.Output, "model", RankTable.Columns, ranks, model => model.Name);
        }

        return ExitCode.Done;
    }

    private NamedRank Analyze(Session session, string path, string name, CancellationToken cancellation)
    {
        MLContext ml = session.OpenContext(session.Get(_device));
        ITransformer model = Models.Load(ml, path, scoring => scoring with { Context = ScoringContext.Stream });
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        return new(name, ml.LanguageModeling.AnalyzeRank(
            model, TextFiles.Load(ml, session.Get(_data)), new() { Contexts = session.Get(_contexts) }, new AnalysisLines(session.Error, name),
            cancellation));
    }
}
