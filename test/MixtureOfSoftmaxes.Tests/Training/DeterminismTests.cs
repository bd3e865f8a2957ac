using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

[TestClass]
public sealed class DeterminismTests
{
    [TestMethod]
    public void With_all_that_the_recipe_has_the_same_seed_gives_the_same_events_and_weights()
    {
        (string first, double[] losses) = Run();
        (string second, double[] again) = Run();
        Assert.AreEqual(first, second);
        Assert.AreSequenceEqual(losses, again);

        static (string, double[]) Run()
        {
            MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
            options.AveragingWindow = 1;
            options.FinetuneEpochs = 1;
            var recorder = new Recorder();
            options.Progress = recorder;
            return (ShortRun.Hash(options), [.. recorder.Events.Select(e => e.Loss)]);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Dropout_masks_differ_from_step_to_step(bool isDropping)
    {
        // One word over and over at a rate of as good as nothing: once the state has settled only the masks make a difference.
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.LearningRate = 1e-12;
        options.MaximumEpochs = 1;
        options.BatchSize = 1;
        options.InputDropout = isDropping ? 0.5 : 0;
        var recorder = new Recorder();
        options.Progress = recorder;
        ShortRun.Fit(options, data: TinyModel.Tokens([string.Join(' ', Enumerable.Repeat("w1", 305))])).Dispose();
        double[] sums = [0, .. recorder.Events.Select(e => e.Loss * e.Tokens)];
        double[] losses = [.. sums.Zip(sums[1..], (a, b) => b - a).Take(30).Skip(10)];
        Assert.HasCount(20, losses);
        int distinct = losses.Select(loss => Math.Round(loss, 4)).Distinct().Count();
        Assert.IsTrue(isDropping ? distinct > 15 : distinct <= 2, string.Join(' ', losses));
    }
}
