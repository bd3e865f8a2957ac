using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Adaptation;

[TestClass]
public sealed class AdaptiveScorerTests
{
    private readonly DynamicGolden _golden = DynamicGolden.Read();
    private readonly LanguageModelNetwork _network;

    public AdaptiveScorerTests() => _network = _golden.Network();

    [TestCleanup]
    public void Free() => _network.Dispose();

    [TestMethod]
    public void Statistics_are_those_of_PyTorch()
    {
        using GradientStatistics statistics = Collect(_golden.Options);
        foreach ((string name, double[] expected) in _golden.Roots)
        {
            Numbers.AssertClose(expected, Tensors.Values(statistics.Roots[name]), 1e-4, name);
        }

        Assert.AreEqual(_golden.Roots.Values.Sum(root => root.Average()), statistics.Normalizer, 1e-5);
    }

    [TestMethod]
    public void Scores_are_those_of_PyTorch_however_the_stream_is_cut()
    {
        AssertScores(_golden.LogLikelihoods, Score(_golden.Options, _golden.Stream.Length));
        AssertScores(_golden.LogLikelihoods, Score(_golden.Options, 1));
        AssertScores(_golden.LogLikelihoods, Score(_golden.Options, 4, 0, 1, 5));
    }

    [TestMethod]
    public void Without_a_rate_and_a_decay_the_scores_are_those_of_the_model_as_it_is()
    {
        double[] expected = Static();
        AssertScores(expected, Score(_golden.Options with { LearningRate = 0, DecayRate = 0 }, _golden.Stream.Length));
        AssertScores(expected, Score(_golden.Options with { LearningRate = 0 }, _golden.Stream.Length));
        Assert.Throws<AssertFailedException>(() => AssertScores(expected, _golden.LogLikelihoods));
    }

    [TestMethod]
    public void The_first_segment_is_read_before_any_step() =>
        Assert.AreSequenceEqual(
            Score(_golden.Options with { LearningRate = 0 }, 3)[.._golden.Options.SegmentLength],
            Score(_golden.Options, 3)[.._golden.Options.SegmentLength]);

    [TestMethod]
    public void The_model_stays_as_it_is_bit_by_bit()
    {
        Dictionary<string, uint[]> before = Bits();
        Score(_golden.Options, _golden.Stream.Length);
        foreach ((string name, uint[] bits) in Bits())
        {
            Assert.AreSequenceEqual(before[name], bits, name);
        }

        Assert.IsTrue(_network.parameters().All(parameter => parameter.grad is null), "gradients are left");
    }

    [TestMethod]
    public void Ranks_and_likeliest_words_are_of_the_adapted_model()
    {
        using GradientStatistics statistics = Collect(_golden.Options);
        using AdaptiveScorer scorer = new DynamicEvaluation(_golden.Options, statistics).Open(_network, _golden.EndOfSentence);
        SequenceScores scores = scorer.Score(_golden.Stream, new TokenDetail(Ranks: true, TopCount: _golden.Shape.VocabularySize));
        AssertScores(_golden.LogLikelihoods, [.. scores.LogLikelihoods.Select(score => (double)score)]);
        for (int place = 0; place < _golden.Stream.Length; place++)
        {
            int[] words = scores.TopWords[(place * _golden.Shape.VocabularySize)..((place + 1) * _golden.Shape.VocabularySize)];
            Assert.AreEqual(_golden.Stream[place], words[scores.Ranks[place] - 1]);
        }
    }

    [TestMethod]
    public void Weights_that_run_away_are_told() => Errors.AssertThrows<ArithmeticException>(
        () => Score(_golden.Options with { LearningRate = 1e38, DecayRate = 0 }, _golden.Stream.Length), "Lower LearningRate");

    [TestMethod]
    public void Nothing_is_left_of_a_pass()
    {
        // TorchSharp 0.107 never counts down the tensor that a parameter was made of, except those that its LSTM makes.
        Assert.AreEqual(1, Left(() => new Parameter(zeros(1)).Dispose()));
        int madeOfTensors = _network.named_parameters().Count(p => !p.name.Contains("lstm"));
        const int Copies = 2;
        Assert.AreEqual(Copies * madeOfTensors, Left(() => Score(_golden.Options, 4)), "one copy for statistics, one to adapt");
    }

    [TestMethod]
    public void Statistics_are_gathered_on_a_stream_of_any_length()
    {
        foreach (int length in (int[])[1, 2, 4, 7])
        {
            using GradientStatistics statistics = GradientStatistics.Collect(
                _network, _golden.TrainingStream[..length], 1, _golden.Options, _ => { }, default);
            Assert.IsTrue(double.IsFinite(statistics.Normalizer) && statistics.Normalizer > 0);
        }
    }

    private static long Left(Action action)
    {
        long before = ProcessMemory.Now().Tensors;
        action();
        return Tensor.TotalCount - before;
    }

    private static void AssertScores(double[] expected, double[] actual) => Numbers.AssertClose(expected, actual, 1e-5, "log-likelihood");

    private GradientStatistics Collect(DynamicEvaluationOptions options) => GradientStatistics.Collect(
        _network, _golden.TrainingStream, _golden.EndOfSentence, options, _ => { }, default);

    private double[] Score(DynamicEvaluationOptions options, params int[] lengths)
    {
        using GradientStatistics statistics = Collect(options);
        using AdaptiveScorer scorer = new DynamicEvaluation(options, statistics).Open(_network, _golden.EndOfSentence);
        var scores = new List<double>();
        for (int start = 0, piece = 0; start < _golden.Stream.Length; piece++)
        {
            int length = Math.Min(lengths[piece % lengths.Length], _golden.Stream.Length - start);
            scores.AddRange(scorer.Score(_golden.Stream.AsSpan(start, length), default).LogLikelihoods.Select(score => (double)score));
            start += length;
        }

        return [.. scores];
    }

    private double[] Static()
    {
        using var scorer = new SequenceScorer(_network, _golden.EndOfSentence);
        SequenceScorer.StreamPosition? position = null;
        SequenceScores scores = scorer.ScoreStream(_golden.Stream, ref position);
        position?.Dispose();
        return [.. scores.LogLikelihoods.Select(score => (double)score)];
    }

    private Dictionary<string, uint[]> Bits() => _network.named_parameters().ToDictionary(p => p.name, p => Tensors.Bits(p.parameter));
}
