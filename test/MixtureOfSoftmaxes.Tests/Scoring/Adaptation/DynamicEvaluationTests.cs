using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Adaptation;

[TestClass]
public sealed class DynamicEvaluationTests
{
    // Against the grain of the language, which goes straight on four times out of five.
    private static readonly string[] s_repetitive = [.. Enumerable.Repeat("w3 w6 w2 w5 w1 w4", 60)];

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void The_perplexity_of_a_repetitive_stream_falls_as_it_is_read()
    {
        ITransformer adaptive = Adapt(new() { LearningRate = 0.003 });
        ScoredRow[] rows = _ml.Score(adaptive, s_repetitive);
        Assert.IsLessThan(0.7 * rows[0].Perplexity, rows[^1].Perplexity);
        Assert.IsLessThan(0.9 * Evaluate(Stream()).Perplexity, Evaluate(adaptive).Perplexity);
    }

    [TestMethod]
    public void Each_cursor_starts_anew_and_the_model_scores_as_before()
    {
        double before = Evaluate(Stream()).CrossEntropy;
        ITransformer adaptive = Adapt();
        Assert.AreEqual(Evaluate(adaptive).CrossEntropy, Evaluate(adaptive).CrossEntropy);
        Assert.AreEqual(before, Evaluate(Stream()).CrossEntropy);
    }

    [TestMethod]
    public void Without_a_rate_it_is_the_stream_of_the_model_as_it_is() =>
        Assert.AreEqual(Evaluate(Stream()).CrossEntropy, Evaluate(Adapt(new() { LearningRate = 0 })).CrossEntropy, 1e-6);

    [TestMethod]
    public void A_saved_model_adapts_as_the_one_that_was_saved()
    {
        ITransformer adaptive = Adapt(new() { LearningRate = 0.01, SegmentLength = 4 });
        ITransformer loaded = ModelZip.Load(ModelZip.Save(adaptive));
        Assert.AreEqual(Evaluate(adaptive).CrossEntropy, Evaluate(loaded).CrossEntropy);
        Assert.AreEqual(
            new DynamicEvaluationOptions { LearningRate = 0.01, SegmentLength = 4 },
            _ml.LanguageModeling.GetLanguageModel(loaded).DynamicEvaluation);
    }

    [TestMethod]
    public void A_model_without_its_statistics_is_damaged() => Errors.AssertThrows<FormatException>(
        () => ModelZip.Load(ModelZip.With(ModelZip.Save(Adapt()), "GradientStatistics.safetensors", _ => null)),
        "'GradientStatistics.safetensors'", "restore a copy");

    [TestMethod]
    public void It_reads_a_stream_and_nothing_else()
    {
        ITransformer adaptive = Adapt();
        Assert.AreEqual(ScoringContext.Stream, _ml.LanguageModeling.GetLanguageModel(adaptive).Scoring.Context);
        Errors.AssertThrows<ArgumentException>(
            () => _ml.LanguageModeling.ChangeScoring(adaptive, scoring => scoring with { Context = ScoringContext.Row }),
            "Context is Row", "one stream");
        Assert.IsFalse(_ml.LanguageModeling.GetLanguageModel(adaptive).IsRowToRowMapper);
        ITransformer renamed = _ml.LanguageModeling.ChangeScoring(adaptive, scoring => scoring with { TokenCountColumnName = "Length" });
        Assert.IsNotNull(_ml.LanguageModeling.GetLanguageModel(renamed).DynamicEvaluation);
    }

    [TestMethod]
    public void What_cannot_be_adapted_is_told()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => _ml.LanguageModeling.AdaptDynamically(TinyModel.Trained, _ml.Texts("w1"), cancellationToken: cancelled.Token));
        Errors.AssertThrows<InvalidOperationException>(
            () => _ml.LanguageModeling.AdaptDynamically(TinyModel.Trained, _ml.Texts("")), "training data", "no word");
        Errors.AssertThrows<ArgumentException>(
            () => _ml.LanguageModeling.AdaptDynamically(((IEnumerable<ITransformer>)TinyModel.Trained).First(), _ml.Texts("w1")),
            "no language model");
    }

    private static IEnumerable<(DynamicEvaluationOptions Options, string[] Parts)> OutOfRange =>
    [
        (new() { LearningRate = -1 }, ["LearningRate is -1", "at least 0"]),
        (new() { DecayRate = double.NaN }, ["DecayRate is NaN", "at least 0"]),
        (new() { Epsilon = 0 }, ["Epsilon is 0", "above 0"]),
        (new() { SegmentLength = 0 }, ["SegmentLength is 0", "from 1 to 10000"]),
        (new() { StatisticsBatchSize = 0 }, ["StatisticsBatchSize is 0", "from 1 to 10000"]),
    ];

    [TestMethod]
    [DynamicData(nameof(OutOfRange))]
    public void An_option_out_of_range_is_named_with_its_value_and_its_range(DynamicEvaluationOptions options, string[] parts) =>
        Errors.AssertThrows<ArgumentException>(() => Adapt(options), parts);

    private ITransformer Adapt(DynamicEvaluationOptions? options = null) => _ml.LanguageModeling.AdaptDynamically(
        TinyModel.Trained, _ml.Texts(TinyModel.TrainingSentences), options ?? new() { LearningRate = 0.01 });

    private ITransformer Stream() =>
        _ml.LanguageModeling.ChangeScoring(TinyModel.Trained, scoring => scoring with { Context = ScoringContext.Stream });

    private LanguageModelMetrics Evaluate(ITransformer model) => _ml.LanguageModeling.Evaluate(model.Transform(_ml.Texts(s_repetitive)));
}
