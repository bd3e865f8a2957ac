using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

/// <summary>Whatever is done with a model is done with every head alike.</summary>
[TestClass]
public sealed class EveryHeadTests
{
    private const int Mark = 1;

    private static readonly int[] s_stream = Numbers.Ids(new Random(3), 20, Shapes.Vocabulary);

    // What repeats itself can be adapted to.
    private static readonly int[] s_repeating = [.. Enumerable.Range(0, 60).Select(i => 3 + (i % 3))];

    private static IEnumerable<LanguageModelHead> Heads => Enum.GetValues<LanguageModelHead>();

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void Likelihoods_read_off_the_distributions_are_those_of_the_loss(LanguageModelHead head)
    {
        using LanguageModelNetwork network = Shapes.Network(head);
        using var scorer = new SequenceScorer(network, Mark);
        SequenceScores whole = scorer.ScoreRows([s_stream], new TokenDetail(Ranks: true, TopCount: Shapes.Vocabulary))[0];
        AssertClose(scorer.ScoreRows([s_stream])[0].LogLikelihoods, whole.LogLikelihoods);
        for (int place = 0; place < s_stream.Length; place++)
        {
            int first = place * Shapes.Vocabulary;
            Assert.AreEqual(s_stream[place], whole.TopWords[first + whole.Ranks[place] - 1]);
            double mass = whole.TopLogLikelihoods.AsSpan(first, Shapes.Vocabulary).ToArray().Sum(logP => Math.Exp(logP));
            Assert.AreEqual(1, mass, 1e-5);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void A_loaded_model_is_of_the_same_head_and_scores_the_same_bit_for_bit(LanguageModelHead head)
    {
        using var saved = new LanguageModelTransformer(new("Tokens", new(), TinyModel.Vocabulary(), Shapes.Network(head)));
        using LanguageModelTransformer loaded = new MLContext().LanguageModeling.GetLanguageModel(ModelZip.Load(ModelZip.Save(saved)));
        Assert.AreEqual(head, loaded.Head);
        Assert.AreEqual(saved.Network.Shape, loaded.Network.Shape);
        Assert.AreSequenceEqual(Score(saved), Score(loaded));

        static float[] Score(LanguageModelTransformer model)
        {
            using var scorer = new SequenceScorer(model.Network, Mark);
            return scorer.ScoreRows([s_stream])[0].LogLikelihoods;
        }
    }

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void Dynamic_evaluation_follows_the_gradient_of_every_weight(LanguageModelHead head)
    {
        var still = new DynamicEvaluationOptions { LearningRate = 0, DecayRate = 0, StatisticsBatchSize = 2 };
        using LanguageModelNetwork network = Shapes.Network(head);
        using GradientStatistics statistics =
            GradientStatistics.Collect(network, s_stream, Mark, still, _ => { }, default);
        Assert.IsTrue(statistics.Roots.Values.All(root => Tensors.Values(root).Any(value => value > 0)));
        using var scorer = new SequenceScorer(network, Mark);
        SequenceScorer.StreamPosition? position = null;
        float[] asItIs = scorer.ScoreStream(s_repeating, ref position).LogLikelihoods;
        position!.Dispose();
        AssertClose(asItIs, Adapt(still));
        Assert.IsGreaterThan(asItIs.Sum(), Adapt(still with { LearningRate = 0.02 }).Sum());

        float[] Adapt(DynamicEvaluationOptions options)
        {
            using AdaptiveScorer adaptive = new DynamicEvaluation(options, statistics).Open(network, Mark);
            return adaptive.Score(s_repeating, default).LogLikelihoods;
        }
    }

    private static void AssertClose(float[] expected, float[] actual) => Numbers.AssertClose(
        [.. expected.Select(score => (double)score)], [.. actual.Select(score => (double)score)], 1e-5, "log-likelihood");
}
