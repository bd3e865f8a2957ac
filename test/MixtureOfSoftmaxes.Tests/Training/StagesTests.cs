using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

/// <summary>When a stage of training ends, and what the next one starts from.</summary>
[TestClass]
public sealed class StagesTests
{
    private readonly MixtureOfSoftmaxesTrainer.Options _options = ShortRun.Options();

    public StagesTests() => (_options.LearningRate, _options.ClipNorm) = (20, 0.5);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Early_stopping_ends_training_so_many_epochs_after_the_best(int patience)
    {
        _options.MaximumEpochs = 30;
        _options.EarlyStoppingEpochs = patience;
        double[] losses = Run().ValidationLosses;
        Assert.IsLessThan(30, losses.Length);
        Assert.AreEqual(losses.Length - 1 - patience, Array.IndexOf(losses, losses.Min()));
    }

    [TestMethod]
    public void Fine_tuning_starts_from_the_best_weights_at_its_own_rate_and_averages_from_its_first_step()
    {
        _options.MaximumEpochs = 8;
        _options.LearningRate = 40; // so high that the last weights are not the best
        _options.FinetuneEpochs = 1;
        _options.FinetuneLearningRate = 1e-9;
        WatchedRun run = Run();
        double[] losses = run.ValidationLosses;
        Assert.HasCount(9, losses);
        int best = Array.IndexOf(losses, losses[..8].Min());
        Assert.IsLessThan(7, best, "else the best weights are the last ones");

        // At a rate as good as zero every step's weights are those it started from, and so is their mean.
        Dictionary<string, double[]> bestWeights =
            run.Events.Where(e => e.Progress.ValidationPerplexity is not null).ElementAt(best).Weights;
        int firstStep = 1 + run.Events.FindLastIndex(run.Events.Count - 2, e => e.Progress.ValidationPerplexity is not null);
        Assert.AreEqual((1, 1), (run.Events[firstStep].Progress.Epoch, run.Events[firstStep].Progress.Step));
        foreach ((TrainingProgress progress, Dictionary<string, double[]> weights) in run.Events[firstStep..])
        {
            Assert.IsLessThanOrEqualTo(1.5e-9, progress.ValidationPerplexity is null ? progress.LearningRate : 0);
            foreach ((string name, double[] values) in bestWeights)
            {
                Numbers.AssertClose(values, weights[name], 1e-6, name);
            }
        }

        Assert.AreEqual(run.Events.Count(e => e.Progress.ValidationPerplexity is null) - firstStep + 8, run.Session.State.AveragedSteps);
    }

    [TestMethod]
    public void Fine_tuning_ends_by_the_non_monotone_test()
    {
        _options.MaximumEpochs = 2;
        _options.AveragingWindow = 1;
        _options.FinetuneEpochs = 30;
        double[] losses = Run().ValidationLosses[2..];
        Assert.IsInRange(3, 29, losses.Length);
        for (int n = 1; n <= losses.Length; n++)
        {
            Assert.AreEqual(n == losses.Length, n > 2 && losses[n - 1] > losses[..(n - 2)].Min(), $"after {n} epochs");
        }
    }

    [TestMethod]
    [DataRow(nameof(MixtureOfSoftmaxesTrainer.Options.AveragingWindow))]
    [DataRow(nameof(MixtureOfSoftmaxesTrainer.Options.FinetuneEpochs))]
    [DataRow(nameof(MixtureOfSoftmaxesTrainer.Options.EarlyStoppingEpochs))]
    public void What_goes_by_the_validation_loss_needs_a_validation_set(string option)
    {
        _options.ValidationSet = null;
        typeof(MixtureOfSoftmaxesTrainer.Options).GetProperty(option)!.SetValue(_options, 2);
        Errors.AssertThrows<ArgumentException>(
            () => new MLContext().LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", _options), option, "ValidationSet");
    }

    private WatchedRun Run()
    {
        using var run = new WatchedRun(_options);
        run.Run();
        return run;
    }
}
