using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Comparison;

[TestClass]
public sealed class ModelComparisonTests : IDisposable
{
    private static readonly MLContext s_ml = new();
    private static readonly string[] s_text = [.. KnownModel.Text(rows: 20), "w2 w3"];

    private readonly KnownModel _softmax = new(LanguageModelHead.Softmax);
    private readonly KnownModel _mixture = new(LanguageModelHead.MixtureOfSoftmaxes, seed: 2);
    private readonly IDataView _data = s_ml.Texts(s_text);

    [TestMethod]
    [DataRow(ScoringContext.Row)]
    [DataRow(ScoringContext.Stream)]
    public void Figures_of_a_model_are_those_of_its_evaluation_and_its_rank_analysis(ScoringContext context)
    {
        ITransformer[] chains = [.. new[] { _softmax, _mixture }.Select(model => s_ml.LanguageModeling.ChangeScoring(
            model.Chain, scoring => scoring with { Context = context }))];
        ModelComparison comparison = s_ml.LanguageModeling.Compare(
            [("softmax", chains[0]), ("mos", chains[1])], _data, new() { MeasureRank = true, Contexts = 64 });
        foreach ((ComparedModel model, ITransformer chain) in comparison.Models.Zip(chains))
        {
            LanguageModelMetrics expected = s_ml.LanguageModeling.Evaluate(chain.Transform(_data));
            Assert.AreEqual(expected.CrossEntropy, model.Metrics.CrossEntropy, 1e-6);
            Assert.AreEqual(
                expected with { CrossEntropy = 0, PerplexityInterval = null }, model.Metrics with { CrossEntropy = 0, PerplexityInterval = null });
            Assert.AreEqual(model.PerplexityInterval, model.Metrics.PerplexityInterval);
            Assert.AreEqual(expected.PerplexityInterval!.Value.Low, model.PerplexityInterval.Low, 1e-5);
            Assert.AreEqual(expected.PerplexityInterval!.Value.High, model.PerplexityInterval.High, 1e-5);
            Assert.IsInRange(model.PerplexityInterval.Low, model.PerplexityInterval.High, expected.Perplexity);
            RankAnalysis rank = s_ml.LanguageModeling.AnalyzeRank(chain, _data, new() { Contexts = 64 });
            Assert.AreEqual(rank.Rank, model.Rank!.Rank);
            Assert.IsInRange(1e-9, 10, model.SecondsPerToken);
            Assert.IsGreaterThan(10L << 20, model.PeakMemoryBytes);
        }

        (ComparedModel first, ComparedModel second) = (comparison.Models[0], comparison.Models[1]);
        Assert.AreEqual(("softmax", LanguageModelHead.Softmax, 1), (first.Name, first.Head, first.Experts));
        Assert.AreEqual(("mos", LanguageModelHead.MixtureOfSoftmaxes, 3), (second.Name, second.Head, second.Experts));
        Assert.AreEqual(_mixture.Network.parameters().Sum(parameter => parameter.numel()), second.ParameterCount);
        Assert.AreEqual(1, first.Ratio);
        Assert.AreEqual(second.Metrics.Perplexity / first.Metrics.Perplexity, second.Ratio, 1e-12);
        Assert.IsInRange(second.RatioInterval.Low, second.RatioInterval.High, second.Ratio);
    }

    [TestMethod]
    public void Bands_hold_all_tokens_and_their_perplexities_make_up_the_whole()
    {
        ModelComparison comparison = Compare(new());
        Assert.AreEqual(20 * 10 + 3, comparison.Bands.Sum(band => band.TokenCount));
        foreach (ComparedModel model in comparison.Models)
        {
            double sum = comparison.Bands.Zip(model.BandPerplexities, (band, perplexity) => band.TokenCount * Math.Log(perplexity)).Sum();
            Assert.AreEqual(model.Metrics.CrossEntropy, sum / (20 * 10 + 3), 1e-6);
        }
    }

    [TestMethod]
    public void Disagreements_are_the_widest_spreads_of_rows_and_show_their_context()
    {
        (int Row, int Place, double[] Logs)[] widest =
            [.. s_text.Select((row, i) => Widest(row, i)).OrderByDescending(at => Spread(at.Logs)).Take(3)];
        IReadOnlyList<Disagreement> actual = Compare(new() { Examples = 3 }).Disagreements;
        foreach (((int row, int place, double[] logs), Disagreement disagreement) in widest.Zip(actual))
        {
            string[] words = [.. s_text[row].Split(' '), "<eos>"];
            Assert.AreEqual(row, disagreement.Row);
            Assert.AreEqual(words[place], disagreement.Word);
            Assert.AreSequenceEqual(words[..place], disagreement.Context);
            Numbers.AssertClose(logs, [.. disagreement.LogProbabilities], 1e-5, "log P");
        }

        (int Row, int Place, double[] Logs) Widest(string text, int row)
        {
            int[] stream = KnownModel.Stream([text]);
            double[][] a = _softmax.Walk(stream, 0, stream.Length), b = _mixture.Walk(stream, 0, stream.Length);
            return stream.Select((word, place) => (row, place, new[] { a[place][word], b[place][word] })).MaxBy(at => Spread(at.Item3));
        }

        static double Spread(double[] logs) => Math.Abs(logs[0] - logs[1]);
    }

    [TestMethod]
    public void The_worst_and_the_best_rows_go_by_the_mean_over_the_models_and_have_five_tokens()
    {
        ModelComparison comparison = Compare(new() { Examples = 100 });
        Assert.HasCount(20, comparison.Worst);
        Assert.AreSequenceEqual(comparison.Worst.Select(row => row.Row).Reverse(), comparison.Best.Select(row => row.Row));
        double[] losses = [.. comparison.Worst.Select(row => row.Surprisals.Sum(model => model.Average()))];
        Assert.AreSequenceEqual(losses.OrderDescending(), losses);
        ComparedRow worst = comparison.Worst[0];
        Assert.AreEqual(s_text[worst.Row] + " <eos>", string.Join(' ', worst.Words));
        double logLikelihood = s_ml.Score(_softmax.Chain, s_text[worst.Row])[0].LogLikelihood;
        Assert.AreEqual(-logLikelihood, worst.Surprisals[0].Sum(), 1e-4);
    }

    [TestMethod]
    public void One_model_has_nothing_to_disagree_about_and_no_examples_are_no_error()
    {
        ModelComparison comparison = s_ml.LanguageModeling.Compare([("one", _softmax.Chain)], _data, new() { Examples = 0 });
        Assert.IsEmpty(comparison.Disagreements);
        Assert.IsEmpty(comparison.Worst);
        Assert.IsNull(comparison.Models[0].Rank);
    }

    [TestMethod]
    public void Progress_names_the_model_and_cancellation_ends_the_comparison()
    {
        var reports = new List<AnalysisProgress>();
        Compare(new(), new Direct<AnalysisProgress>(reports.Add));
        Assert.AreSequenceEqual(["softmax", "mos"], reports.Where(r => r is { Stage: AnalysisStage.Scoring, Share: 1 }).Select(r => r.Model));
        Assert.AreSequenceEqual(["softmax", "mos"], reports.Where(r => r is { Stage: AnalysisStage.Distributions, Share: 1 }).Select(r => r.Model));

        using var source = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => Compare(new(), new Direct<AnalysisProgress>(_ => source.Cancel()), source.Token));
    }

    public void Dispose()
    {
        _softmax.Dispose();
        _mixture.Dispose();
    }

    private ModelComparison Compare(
        ModelComparisonOptions options, IProgress<AnalysisProgress>? progress = null, CancellationToken cancellationToken = default) =>
        s_ml.LanguageModeling.Compare(
            [("softmax", _softmax.Chain), ("mos", _mixture.Chain)], _data, options, progress, cancellationToken);
}
