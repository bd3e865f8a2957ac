using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Rank;

[TestClass]
public sealed class RankAnalysisTests
{
    private const int D = KnownModel.EmbeddingSize, V = KnownModel.Vocabulary;

    private static readonly MLContext s_ml = new();

    [TestMethod]
    [DataRow(LanguageModelHead.Softmax)]
    [DataRow(LanguageModelHead.MixtureOfContexts)]
    public void One_softmax_has_the_rank_of_the_theorem_and_one_more_with_a_bias(LanguageModelHead head)
    {
        using var theorem = new KnownModel(head, hasBias: false);
        RankAnalysis unbiased = Analyze(theorem);
        Assert.AreEqual(D + 1, unbiased.Rank);
        Assert.AreEqual(D, unbiased.LogitRank);

        using var biased = new KnownModel(head);
        RankAnalysis analysis = Analyze(biased);
        Assert.AreEqual(D + 2, analysis.Rank);
        Assert.AreEqual(D + 2, analysis.RankLimit);
        Assert.AreEqual(D + 1, analysis.LogitRank);
        Assert.AreEqual(D + 2, analysis.RankInSinglePrecision);
        Assert.AreEqual(1, analysis.Softmaxes);
    }

    [TestMethod]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes)]
    [DataRow(LanguageModelHead.DirectOutputConnection)]
    public void Mixed_softmaxes_have_full_rank_from_logits_of_the_same_low_rank(LanguageModelHead head)
    {
        using var model = new KnownModel(head);
        RankAnalysis analysis = Analyze(model);
        Assert.AreEqual(V, analysis.Rank);
        Assert.AreEqual(V, analysis.RankLimit);
        Assert.AreEqual(D + 1, analysis.LogitRank);
        Assert.AreEqual(3, analysis.Softmaxes);
        Assert.IsInRange(D + 3, V, analysis.RankInSinglePrecision);
    }

    [TestMethod]
    [DataRow(LanguageModelHead.MixtureOfSigSoftmaxes, 1, D + 1)]
    [DataRow(LanguageModelHead.MixtureOfSigSoftmaxes, 3, D + 1)]
    [DataRow(LanguageModelHead.Mixtape, 4, null)]
    [DataRow(LanguageModelHead.Plif, 1, D + 1)]
    public void Functions_of_logits_and_gated_logits_are_not_bound_by_the_theorem(LanguageModelHead head, int experts, int? logitRank)
    {
        using var model = new KnownModel(head, experts: experts);
        RankAnalysis analysis = Analyze(model);
        Assert.IsGreaterThan(D + 2, analysis.Rank);
        Assert.AreEqual(V, analysis.RankLimit);
        Assert.AreEqual(logitRank, analysis.LogitRank);
    }

    [TestMethod]
    public void Facets_of_one_softmax_have_the_rank_of_the_theorem_for_each_partition_and_several_softmaxes_any()
    {
        using var one = new KnownModel(LanguageModelHead.MultiFacetSoftmax, experts: 1);
        RankAnalysis analysis = Analyze(one);
        Assert.AreEqual(4, analysis.Partitions);
        Assert.AreEqual((4 * D) + 2, analysis.Rank);
        Assert.AreEqual((4 * D) + 2, analysis.RankLimit);
        Assert.AreEqual((4 * D) + 1, analysis.LogitRank);

        using var three = new KnownModel(LanguageModelHead.MultiFacetSoftmax);
        Assert.AreEqual(V, Analyze(three).Rank);
        Assert.AreEqual(V, Analyze(three).RankLimit);
    }

    [TestMethod]
    public void A_mixture_of_one_softmax_is_one_softmax()
    {
        using var model = new KnownModel(LanguageModelHead.MixtureOfSoftmaxes, experts: 1);
        Assert.AreEqual(D + 2, Analyze(model).Rank);
        Assert.AreEqual(D + 2, Analyze(model).RankLimit);
    }

    [TestMethod]
    public void Singular_values_are_those_of_the_matrix_written_out()
    {
        using var model = new KnownModel(LanguageModelHead.MixtureOfSoftmaxes);
        string[] text = KnownModel.Text(rows: 16);
        RankAnalysis analysis = s_ml.LanguageModeling.AnalyzeRank(model.Chain, s_ml.Texts(text), new() { Contexts = 64 });

        // 160 tokens in 16 columns of 10; 64 contexts are the first four of each.
        int[] stream = KnownModel.Stream(text);
        double[][] matrix = [.. Enumerable.Range(0, 16).SelectMany(column => model.Walk(stream, 10 * column, 4))];
        double[][] columns = [.. Enumerable.Range(0, V).Select(v => matrix.Select(row => row[v]).ToArray())];
        double[] expected = Jacobi.SingularValues(columns);
        Assert.AreEqual((64, V), (analysis.ContextCount, analysis.VocabularySize));

        // Hidden states are float32, and passes of other widths round them otherwise.
        Numbers.AssertClose(expected, [.. analysis.SingularValues], 1e-6, "singular values");
        double threshold = expected[0] * Math.Sqrt(64 + V + 1) * Math.Pow(2, -52) / 2;
        Assert.AreEqual(threshold, analysis.Threshold, 1e-6 * threshold);
        double[] shares = [.. expected.Select(value => value / expected.Sum())];
        Assert.AreEqual(Math.Exp(-shares.Sum(p => p * Math.Log(p))), analysis.EffectiveRank, 1e-4);
    }

    [TestMethod]
    public void Priors_are_those_of_a_walk_through_the_text_sorted_and_averaged()
    {
        using var model = new KnownModel(LanguageModelHead.MixtureOfSoftmaxes);
        string[] text = KnownModel.Text(rows: 16);
        ExpertPriors found = s_ml.LanguageModeling.AnalyzeRank(model.Chain, s_ml.Texts(text), new() { Contexts = 64 }).Priors!;
        int[] stream = KnownModel.Stream(text);
        double[][] sorted =
        [
            .. Enumerable.Range(0, 16).SelectMany(column => model.WalkPriors(stream, 10 * column, 4)).Select(row => row.OrderDescending().ToArray()),
        ];
        Numbers.AssertClose([.. Enumerable.Range(0, 3).Select(k => sorted.Average(row => row[k]))], [.. found.Sorted], 1e-6, "priors");
        foreach (ExpertsNeeded needed in found.Needed)
        {
            int[] kept = [.. sorted.Select(row => Enumerable.Range(1, 3).First(count => row.Skip(count).Sum() <= needed.SkippedPrior))];
            Assert.AreEqual(kept.Average(), needed.Mean, 1e-12);
            Assert.AreEqual(kept.Max(), needed.Most);
        }
    }

    [TestMethod]
    public void One_softmax_has_no_priors()
    {
        using KnownModel softmax = new(LanguageModelHead.Softmax), mixed = new(LanguageModelHead.MixtureOfSoftmaxes, experts: 1);
        Assert.IsNull(Analyze(softmax).Priors);
        Assert.IsNull(Analyze(mixed).Priors);
    }

    [TestMethod]
    public void Data_with_fewer_contexts_gives_those_it_has_but_for_the_rest_of_the_columns()
    {
        using var model = new KnownModel(LanguageModelHead.MixtureOfSoftmaxes);
        RankAnalysis analysis = s_ml.LanguageModeling.AnalyzeRank(
            model.Chain, s_ml.Texts(KnownModel.Text(rows: 7)), new() { Contexts = 1_000 });
        Assert.AreEqual(64, analysis.ContextCount);
    }

    [TestMethod]
    public void Progress_goes_through_the_stages_and_cancellation_ends_it()
    {
        using var model = new KnownModel(LanguageModelHead.Softmax);
        var reports = new List<AnalysisProgress>();
        Analyze(model, progress: new Direct<AnalysisProgress>(reports.Add));
        Assert.AreEqual(new("", AnalysisStage.SingularValues, 1), reports[^1]);
        double[] shares = [.. reports.Where(report => report.Stage == AnalysisStage.Distributions).Select(report => report.Share)];
        Assert.AreSequenceEqual(shares.Order(), shares);
        Assert.AreEqual(1, shares[^1]);

        using var source = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => Analyze(model, null, new Direct<AnalysisProgress>(_ => source.Cancel()), source.Token));
    }

    private static RankAnalysis Analyze(
        KnownModel model, RankAnalysisOptions? options = null, IProgress<AnalysisProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        s_ml.LanguageModeling.AnalyzeRank(
            model.Chain, s_ml.Texts(KnownModel.Text(rows: 100)), options, progress, cancellationToken);
}
