using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Progress;

[TestClass]
public sealed class TensorBoardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void An_event_file_has_the_figures_of_the_run_and_a_resumed_run_goes_on_beside_it()
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        options.TensorBoardFolder = _folder.PathOf("runs/one");
        options.CheckpointFolder = _folder.PathOf("checkpoints");
        options.Resume = true;
        var recorder = new Recorder();
        options.Progress = recorder;
        options.MaximumEpochs = 2;
        ShortRun.Fit(options).Dispose();
        options.MaximumEpochs = 3;
        ShortRun.Fit(options).Dispose();
        Dictionary<string, (long Step, float Value)[]> scalars = EventFile.ReadScalars(options.TensorBoardFolder);
        Assert.AreSequenceEqual(
            [
                "train/epoch", "train/gradient_norm", "train/learning_rate", "train/loss", "train/perplexity", "train/tokens",
                "train/tokens_per_second", "validation/loss", "validation/perplexity",
            ],
            scalars.Keys.Order(StringComparer.Ordinal));

        // The first step of each session and each validation are told.
        TrainingProgress[] told = [.. recorder.Events.Where(at => at.ValidationPerplexity is not null || at.Steps == 1 || IsFirstOfThird(at))];
        Assert.AreSequenceEqual(told.Select(at => (at.Steps, (float)at.Loss)), scalars["train/loss"]);
        Assert.AreSequenceEqual(told.Select(at => (at.Steps, (float)at.GradientNorm!.Value)), scalars["train/gradient_norm"]);
        Assert.AreSequenceEqual(told.Select(at => (at.Steps, (float)at.Tokens)), scalars["train/tokens"]);
        Assert.AreSequenceEqual(
            recorder.Validations.Select(perplexity => (float)perplexity), scalars["validation/perplexity"].Select(scalar => scalar.Value));
        Assert.AreEqual(Math.Log(recorder.Validations[^1]), scalars["validation/loss"][^1].Value, 1e-5);

        bool IsFirstOfThird(TrainingProgress at) => at == recorder.Events.First(other => other.Epoch == 3);
    }

    [TestMethod]
    public void The_norm_of_a_gradient_is_that_before_it_is_clipped_and_steps_count_on_over_epochs()
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        options.MaximumEpochs = 2;
        options.ClipNorm = 1e-3;
        var recorder = new Recorder();
        options.Progress = recorder;
        ShortRun.Fit(options).Dispose();
        Assert.IsTrue(recorder.Events.All(at => at.GradientNorm > 1e-2));
        TrainingProgress[] steps = [.. recorder.Events.Where(at => at.ValidationPerplexity is null)];
        Assert.AreSequenceEqual(Enumerable.Range(1, steps.Length).Select(step => (long)step), steps.Select(at => at.Steps));
    }
}
