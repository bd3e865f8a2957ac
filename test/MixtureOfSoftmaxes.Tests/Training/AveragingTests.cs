using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

[TestClass]
public sealed class AveragingTests
{
    private const int ValidationColumns = 10;

    private readonly MixtureOfSoftmaxesTrainer.Options _options = ShortRun.Options();

    public AveragingTests()
    {
        _options.AveragingWindow = 1;
        _options.MaximumEpochs = 8;
        (_options.LearningRate, _options.ClipNorm) = (20, 0.5);
    }

    [TestMethod]
    public void Averaging_begins_after_the_first_epoch_that_is_not_monotone_and_the_mean_is_what_is_validated()
    {
        using var run = new WatchedRun(_options);
        run.Run();
        double[] losses = run.ValidationLosses;
        int switched = Enumerable.Range(1, losses.Length).First(n => n > 2 && losses[n - 1] > losses[..(n - 2)].Min());
        Assert.IsInRange(3, _options.MaximumEpochs - 1, switched, "else there is nothing to see");
        var steps = new List<Dictionary<string, double[]>>();
        foreach ((TrainingProgress progress, Dictionary<string, double[]> weights) in run.Events)
        {
            if (progress.ValidationPerplexity is null)
            {
                steps.Add(weights);
            }
            else if (progress.Epoch == switched)
            {
                AssertEqual(steps[^1], weights, 0, "the raw weights are validated before");
                steps.Clear();
            }
            else if (progress.Epoch > switched)
            {
                AssertEqual(Mean(steps), weights, 1e-5, $"the mean in epoch {progress.Epoch}");
                Assert.AreEqual(LossOf(weights), Math.Log(progress.ValidationPerplexity.Value), 1e-5);
            }
        }
    }

    [TestMethod]
    public void The_steps_go_on_from_the_raw_weights()
    {
        // A step moves the weights by at most rate times clip (decay apart), the mean is further off than that.
        _options.LearningRate = 0.1;
        _options.ClipNorm = 1e-3;
        _options.WeightDecay = 0;
        using var run = new WatchedRun(_options, new() { LearningRate = 0.1, AveragedSteps = 0 });
        run.Run();
        int validated = run.Events.FindIndex(e => e.Progress.ValidationPerplexity is not null);
        double most = _options.LearningRate * 1.5 * _options.ClipNorm;
        Assert.IsLessThan(most, Distance(run.Events[validated - 1].Weights, run.Events[validated + 1].Weights));
        Assert.IsGreaterThan(most, Distance(run.Events[validated].Weights, run.Events[validated + 1].Weights));
    }

    [TestMethod]
    public void The_model_at_the_end_has_the_averaged_weights_that_did_best()
    {
        using var run = new WatchedRun(_options, new() { LearningRate = _options.LearningRate, AveragedSteps = 0 });
        run.Run();
        double[] losses = run.ValidationLosses;
        int best = Array.IndexOf(losses, losses.Min());
        AssertEqual(
            run.Events.Where(e => e.Progress.ValidationPerplexity is not null).ElementAt(best).Weights,
            WatchedRun.WeightsOf(run.Network), 0, "the best mean");
    }

    [TestMethod]
    public void Every_step_has_the_rate_of_its_own_window_also_right_after_the_switch()
    {
        using var run = new WatchedRun(_options);
        run.Run();
        Assert.IsNotNull(run.Session.Average, "averaging has begun");
        long tokens = 0;
        var lengths = new HashSet<long>();
        foreach (TrainingProgress progress in run.Events.Select(e => e.Progress).Where(p => p.ValidationPerplexity is null))
        {
            long length = (progress.Tokens - tokens) / _options.BatchSize;
            Assert.AreEqual(_options.LearningRate * length / _options.SequenceLength, progress.LearningRate, 1e-12);
            tokens = progress.Tokens;
            lengths.Add(length);
        }

        Assert.IsGreaterThan(3, lengths.Count);
    }

    private double LossOf(Dictionary<string, double[]> weights)
    {
        using var network = new LanguageModelNetwork(_options.Shape(Shapes.Vocabulary), CPU);
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            parameter.Set(weights[name]);
        }

        using var scorer = new SequenceScorer(network, 1);
        return scorer.MeanLoss(WatchedRun.Validation, ValidationColumns);
    }

    private static Dictionary<string, double[]> Mean(List<Dictionary<string, double[]>> steps) => steps[0].ToDictionary(
        w => w.Key, w => Enumerable.Range(0, w.Value.Length).Select(i => steps.Average(step => step[w.Key][i])).ToArray());

    private static double Distance(Dictionary<string, double[]> a, Dictionary<string, double[]> b) =>
        Math.Sqrt(a.Sum(w => w.Value.Zip(b[w.Key], (x, y) => (x - y) * (x - y)).Sum()));

    private static void AssertEqual(
        Dictionary<string, double[]> expected, Dictionary<string, double[]> actual, double tolerance, string what)
    {
        foreach ((string name, double[] values) in expected)
        {
            Numbers.AssertClose(values, actual[name], tolerance, $"{what}: {name}");
        }
    }
}
