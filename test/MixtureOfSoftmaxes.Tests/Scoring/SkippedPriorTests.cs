using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

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
    public void Generated_words_have_probabilities_within_the_bound()
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        GeneratedWord exact = First(0), near = First(Share);
        Assert.AreNotEqual(exact.LogProbability, near.LogProbability);
        Assert.AreEqual(Math.Exp(exact.LogProbability), Math.Exp(near.LogProbability), Share);

        GeneratedWord First(double share) => _ml.LanguageModeling.CreateTextGenerator(
            model, new GenerationOptions { Temperature = 0, SkippedPrior = share }).Generate("b a").First();
    }

    private static double[] Likelihoods(LanguageModelTransformer model, TokenDetail detail) =>
        [.. model.ScoreRows(s_rows, detail).SelectMany(row => row.LogLikelihoods.Select(value => (double)value))];
}
