using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Analysis;
using Mos.Display;
using Mos.Input;
using Mos.Output;
using Mos.Reports.Pages;
using Mos.Reports.Tables;

namespace Mos.Commands;

/// <summary><c>mos rank</c>: the ranks of models' log-probability matrices.</summary>
internal sealed class RankCommand : AnalysisCommand
{
    private readonly Option<string> _tensorBoard = new("--tensorboard")
    {
        Description = "A folder for TensorBoard, in which each model gets a run with its singular values and ranks.",
        HelpName = "folder",
    };

    public RankCommand()
        : base(
            "rank",
            "Measures the rank of a model's log-probability matrix, contexts by words: one softmax is limited by its " +
            "embedding size, a mixture of softmaxes is not.",
            "mos rank --model mos.zip --data ptb.test.txt.gz",
            "mos rank --model softmax.zip moc.zip mos.zip --data ptb.test.txt.gz --contexts 5000 --output rank.html")
    {
        Model.Description = "The model to measure; several are shown together.";
        Contexts.Description =
            "N, the number of contexts, spread over the text; more than the embedding size. Memory grows with N V, V the " +
            "words of the vocabulary, and time with N V min(N, V).";
        AddOptions([Model, Data, .. Tables.All, Contexts, _tensorBoard, Page, Device, Json]);
    }

    protected override bool IsDistributed => true;

    protected override Findings Analyze(
        Session session, IReadOnlyList<(string Name, string Path)> models, CancellationToken cancellationToken)
    {
        MLContext ml = session.OpenContext(session.Get(Device));
        IDataView text = Tables.Load(session, ml, session.Get(Data));

        // One model after the other, so that only one is in memory.
        NamedRank[] ranks =
        [
            .. from model in models
               let rank = Measure(session, ml, model.Path, model.Name, text, cancellationToken)
               where rank is not null
               select new NamedRank(model.Name, rank),
        ];
        if (session.IsFirst && session.Get(_tensorBoard) is string folder)
        {
            Array.ForEach(ranks, rank => SpectrumScalars.Write(folder, rank));
        }

        return new(
            new { Models = ranks },
            writer =>
            {
                TextTable.Write(writer, "model", RankTable.Columns, ranks, model => model.Name);
                PriorTable.Write(writer, ranks);
            },
            writer => RankPage.Write(writer, ranks));
    }

    private RankAnalysis? Measure(
        Session session, MLContext ml, string path, string name, IDataView text, CancellationToken cancellationToken)
    {
        using var ranked = new RankedModel(() => Models.Load(ml, path, scoring => scoring with { Context = ScoringContext.Stream }));
        var options = new RankAnalysisOptions { Contexts = session.Get(Contexts) };
        if (!session.IsFirst)
        {
            RankAnalyzer.Serve(ranked.Chain, text, options, new(null, cancellationToken));
            return null;
        }

        RankAnalysis analysis = ml.LanguageModeling.AnalyzeRank(
            ranked.Chain, text, options, new AnalysisLines(session.Error, name), cancellationToken);
        ranked.Release();
        return analysis;
    }
}
