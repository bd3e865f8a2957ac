using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring;

/// <summary>Experts that are skipped change scores and generation, within the bound.</summary>
[TestClass]
public sealed class SkippedPriorTests
{
    private const double Share = 0.4;

    private static readonly int[][] s_rows = [Numbers.Ids(new Random(3), 20, Shapes.Vocabulary), [3, 4], []];

    private readonly MLContext _ml = new();

    [TestMethod]
    public void Probabilities_of_tokens_are_off_by_at_most_the_bound_with_and_without_details()
    {
        using LanguageModelTransformer exact = TinyModel.UntrainedScorer();
        LanguageModelTransformer skipping = exact.WithScoring(exact.Scoring with { SkippedPrior = Share });
        double[] all = Likelihoods(exact, default), most = Likelihoods(skipping, default);
        double largest = all.Zip(most, (a, b) => Math.Abs(Math.Exp(a) - Math.Exp(b))).Max();
        Assert.IsInRange(1e-3, Share, largest);
        Numbers.AssertClose(most, Likelihoods(skipping, new(Ranks: true, TopCount: 3)), 1e-5, "with ranks");
    }

    [TestMethod]
    public void Columns_are_of_the_experts_that_are_kept()
    {
        ITransformer exact = TinyModel.Untrained();
        ITransformer skipping = _ml.LanguageModeling.ChangeScoring(exact, scoring => scoring with { SkippedPrior = Share });
        string[] text = ["b a d", "d e"];
        float[] all = [.. _ml.Score(exact, text).Select(row => row.LogLikelihood)];
        float[] most = [.. _ml.Score(skipping, text).Select(row => row.LogLikelihood)];
        Assert.IsTrue(all.Zip(most).All(pair => pair.First != pair.Second));
        using LanguageModelTransformer loaded = _ml.LanguageModeling.GetLanguageModel(ModelZip.Load(ModelZip.Save(skipping)));
        Assert.AreEqual(Share, loaded.Scoring.SkippedPrior);
    }

    [TestMethod]
    public void It_is_reported_how_many_experts_scored_each_token_and_what_was_left_out()
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        int[] words = s_rows[0];
        double[][] priors = PriorsAfter(model.Network, words);
        var counts = new HashSet<int>();
        foreach (double share in (double[])[0.1, 0.25, 0.3, 0.35, Share, 0.7])
        {
            foreach (TokenDetail detail in (TokenDetail[])[new(false, 0, 0, Experts: true), new(Ranks: true, TopCount: 2, 0, Experts: true)])
            {
                LanguageModelTransformer skipping = model.WithScoring(model.Scoring with { SkippedPrior = share });
                SequenceScores some = skipping.ScoreRows([words], detail)[0], all = model.ScoreRows([words], detail)[0];
                for (int t = 0; t <= words.Length; t++)
                {
                    double[] sorted = [.. priors[t].Order()];
                    int skipped = Enumerable.Range(0, sorted.Length).Last(count => sorted.Take(count).Sum() <= share);
                    Assert.AreEqual(sorted.Length - skipped, some.Experts[t]);
                    Assert.AreEqual(sorted.Take(skipped).Sum(), some.SkippedPriors[t], 1e-5);
                    Assert.AreEqual((sorted.Length, 0f), (all.Experts[t], all.SkippedPriors[t]));
                }

                counts.UnionWith(some.Experts);
            }
        }

        Assert.IsGreaterThan(1, counts.Count);
    }

    [TestMethod]
    [DataRow(ScoringContext.Row)]
    [DataRow(ScoringContext.Stream)]
    public void Metrics_have_the_means_over_all_tokens_and_the_most(ScoringContext context)
    {
        string[] text = ["b a d", "d e nonsense", ""];
        ITransformer skipping = _ml.LanguageModeling.ChangeScoring(TinyModel.Untrained(), scoring => scoring with
        {
            Context = context,
            SkippedPrior = Share,
            CountUnknownWords = false,
            TokenExpertsColumnName = "Experts",
            TokenSkippedPriorsColumnName = "Skipped",
        });
        ScoringOptions columns = _ml.LanguageModeling.GetLanguageModel(skipping).Scoring;
        IDataView scored = skipping.Transform(_ml.Texts(text));
        ExpertUse use = _ml.LanguageModeling.Evaluate(scored, columns).ExpertUse!;
        int[] experts = [.. scored.GetColumn<int[]>("Experts").SelectMany(row => row)];
        float[] skipped = [.. scored.GetColumn<float[]>("Skipped").SelectMany(row => row)];
        Assert.HasCount(9, experts);
        Assert.AreEqual(experts.Average(), use.MeanExperts, 1e-12);
        Assert.AreEqual(skipped.Average(), use.MeanSkippedPrior, 1e-6);
        Assert.AreEqual(skipped.Max(), use.LargestSkippedPrior);
        Assert.IsInRange(1e-3, Share, use.LargestSkippedPrior);
        Assert.IsNull(_ml.LanguageModeling.Evaluate(scored).ExpertUse, "not asked for");
        Errors.AssertThrows<ArgumentOutOfRangeException>(
            () => _ml.LanguageModeling.Evaluate(scored, columns with { TokenExpertsColumnName = "Skipped" }), "'Skipped'", "Int32");
    }

    [TestMethod]
    public void The_shape_of_a_network_says_how_many_softmaxes_it_mixes()
    {
        foreach (LanguageModelHead head in Enum.GetValues<LanguageModelHead>())
        {
            using LanguageModelTransformer model = TinyModel.UntrainedScorer(head: head);
            int[] experts = model.ScoreRows([[3, 4]], new(false, 0, 0, Experts: true))[0].Experts;
            Assert.AreEqual(model.Network.Shape.Softmaxes, experts[0], $"{head}");
        }
    }

    [TestMethod]
    public void Generated_words_have_probabilities_within_the_bound()
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        GeneratedWord exact = First(0), near = First(Share);
        Assert.AreNotEqual(exact.LogProbability, near.LogProbability);
        Assert.AreEqual(Math.Exp(exact.LogProbability), Math.Exp(near.LogProbability), Share);

        GeneratedWord First(double share) => _ml.LanguageModeling.CreateTextGenerator(
            model, new GenerationOptions { Temperature = 0, SkippedPrior = share }).Generate("b a").First();
    }

    /// <summary>The priors in the place of each word and of the end of the sentence.</summary>
    private static double[][] PriorsAfter(LanguageModelNetwork network, int[] words)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor priors_n_k = network.Encode(
            Tensors.Ids([TinyModel.Vocabulary().EndOfSentenceIndex, .. words], words.Length + 1, 1), network.InitialState(1), DropoutRates.None)
            .Mixture.LogPriors!.exp();
        return [.. Tensors.Values(priors_n_k).Chunk((int)priors_n_k.shape[1])];
    }

    private static double[] Likelihoods(LanguageModelTransformer model, TokenDetail detail) =>
        [.. model.ScoreRows(s_rows, detail).SelectMany(row => row.LogLikelihoods.Select(value => (double)value))];
}
