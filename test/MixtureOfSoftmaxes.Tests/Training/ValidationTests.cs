using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

/// <summary>
/// What validation decides. The text counts up, the validation text counts down: the more is learned of the one, the worse the
/// other gets.
/// </summary>
[TestClass]
public sealed class ValidationTests
{
    private readonly int[] _validation = [.. Enumerable.Range(0, 300).Select(i => 12 - (i % 11))];
    private readonly MLContext _ml = new(seed: 1);
    private readonly MixtureOfSoftmaxesTrainer.Options _options = TinyModel.Options();
    private readonly Recorder _recorder = new();

    public ValidationTests()
    {
        _options.MaximumEpochs = 4;
        _options.Progress = _recorder;
        _options.ValidationSet = Sentence(_validation);
    }

    [TestMethod]
    public void The_weights_of_the_best_epoch_are_kept()
    {
        using LanguageModelNetwork network = Train();
        double best = _recorder.Validations.Min();
        Assert.IsGreaterThan(best, _recorder.Validations[^1], "else the last weights would be the best");
        Assert.AreEqual(best, Math.Exp(Loss(network)));
    }

    [TestMethod]
    public void Without_validation_the_last_weights_stay()
    {
        _options.ValidationSet = null;
        using LanguageModelNetwork network = Train();
        Assert.IsEmpty(_recorder.Validations);
        Assert.IsGreaterThan(3, Loss(network), "what was learned last is against the validation text");
    }

    [TestMethod]
    public void The_rate_falls_after_every_epoch_that_was_not_the_best()
    {
        _options.LearningRateDecay = 4;
        Train().Dispose();
        double[] rates = [.. _recorder.Events.Where(e => e.Step == 1).Select(e => e.LearningRate)];
        double rate = _options.LearningRate, best = double.PositiveInfinity;
        var expected = new List<double>();
        foreach (double perplexity in _recorder.Validations)
        {
            expected.Add(rate);
            rate = perplexity < best ? rate : rate / 4;
            best = Math.Min(best, perplexity);
        }

        Assert.AreSequenceEqual(expected, rates);
        Assert.IsLessThan(_options.LearningRate, rates[^1]);
    }

    [TestMethod]
    public void A_cancelled_run_ends_at_the_next_step_with_the_best_weights_so_far()
    {
        using var cancellation = new CancellationTokenSource();
        _options.CancellationToken = cancellation.Token;
        var recorder = new Recorder(progress =>
        {
            if (progress is { Epoch: 3, Step: 2 })
            {
                cancellation.Cancel();
            }
        });
        _options.Progress = recorder;
        using LanguageModelNetwork network = Train();
        Assert.AreEqual((3, 2), (recorder.Events[^1].Epoch, recorder.Events[^1].Step));
        Assert.HasCount(2, recorder.Validations);
        Assert.AreEqual(recorder.Validations.Min(), Math.Exp(Loss(network)));
    }

    [TestMethod]
    public void A_cancelled_fit_returns_a_usable_model()
    {
        using var cancellation = new CancellationTokenSource();
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.CancellationToken = cancellation.Token;
        var recorder = new Recorder(progress =>
        {
            if (progress.Step == 5)
            {
                cancellation.Cancel();
            }
        });
        options.Progress = recorder;
        var ml = new MLContext(seed: 1);
        ITransformer model = TinyModel.Train(ml, options);
        Assert.HasCount(5, recorder.Events);
        Assert.IsTrue(float.IsFinite(ml.Score(ModelZip.Load(ModelZip.Save(model)), "w1 w2")[0].LogLikelihood));

        ITransformer untrained = TinyModel.Train(ml, options);
        Assert.HasCount(5, recorder.Events);
        Assert.IsTrue(float.IsFinite(ml.Score(untrained, "w1 w2")[0].LogLikelihood));
    }

    private LanguageModelNetwork Train()
    {
        int[] counting = [.. Enumerable.Range(0, 1600).Select(i => 2 + (i % 11))];
        using LanguageModelTransformer model = _ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", _options).Fit(Sentence(counting));
        return ModelZip.Network(model, _options.Shape(TinyModel.Words.Length));
    }

    /// <summary>The loss that validation reports.</summary>
    private double Loss(LanguageModelNetwork network)
    {
        using var scorer = new SequenceScorer(network, endOfSentence: 1);
        return scorer.MeanLoss((int[])[.. _validation, 1], columns: 10);
    }

    /// <summary>One row of token ids.</summary>
    private static HandMadeView Sentence(int[] ids) => new HandMadeView(1)
        .AddTokens("Tokens", TinyModel.Words, _ => new VBuffer<uint>(ids.Length, [.. ids.Select(id => (uint)id + 1)]));
}
