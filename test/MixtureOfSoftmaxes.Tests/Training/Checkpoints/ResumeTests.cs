using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

/// <summary>A run in parts ends with the weights of the run in one go, bit by bit.</summary>
[TestClass]
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(LanguageModelOptimizer.Sgd, LearningRateSchedule.Constant)]
    [DataRow(LanguageModelOptimizer.Sgd, LearningRateSchedule.Plateau)]
    [DataRow(LanguageModelOptimizer.Adam, LearningRateSchedule.Constant)]
    [DataRow(LanguageModelOptimizer.AdamW, LearningRateSchedule.Cosine)]
    public void Cancelled_again_and_again_it_goes_on_where_it_was(LanguageModelOptimizer optimizer, LearningRateSchedule schedule)
    {
        string expected = ShortRun.Hash(Options());
        string actual = "";
        int parts = 0, tokens = 0;
        for (bool isCancelled = true; isCancelled; parts++)
        {
            using var cancellation = new CancellationTokenSource();
            MixtureOfSoftmaxesTrainer.Options options = Resuming(Options());
            options.CancellationToken = cancellation.Token;
            int steps = 0;
            options.Progress = new Recorder(progress =>
            {
                Assert.IsGreaterThanOrEqualTo(tokens, progress.Tokens, "no step is done twice");
                tokens = (int)progress.Tokens;
                if (progress.ValidationPerplexity is null && ++steps == 7 + parts)
                {
                    cancellation.Cancel();
                }
            });
            actual = ShortRun.Hash(options);
            isCancelled = cancellation.IsCancellationRequested;
        }

        Assert.IsGreaterThan(4, parts);
        Assert.AreEqual(expected, actual);

        MixtureOfSoftmaxesTrainer.Options Options()
        {
            MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
            options.Optimizer = optimizer;
            options.LearningRateSchedule = schedule;
            options.LearningRate = optimizer == LanguageModelOptimizer.Sgd ? 5 : 0.01;
            options.WarmupSteps = 12;
            options.AveragingWindow = 1;
            options.MaximumEpochs = 4;
            options.FinetuneEpochs = 2;
            return options;
        }
    }

    [TestMethod]
    public void Cancelled_by_the_context_it_has_no_model_but_a_checkpoint_of_where_it_was()
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        options.AveragingWindow = 1;
        string expected = ShortRun.Hash(options);
        Resuming(options);
        long tokens = 0;
        int parts = 0, steps = 0;
        for (bool isCancelled = true; isCancelled; parts++)
        {
            // In the midst of an epoch, and at the last step of one: then the validation is cancelled.
            isCancelled = false;
            steps = 0;
            var ml = new MLContext(seed: 1);
            options.Progress = new Recorder(progress =>
            {
                Assert.IsGreaterThanOrEqualTo(tokens, progress.Tokens, "no step is done twice");
                tokens = progress.Tokens;
                if (progress.ValidationPerplexity is null && (++steps == 4 || progress.IsEpochEnd))
                {
                    isCancelled = true;
                    ml.Cancel();
                }
            });
            if (parts > 0 && Directory.GetDirectories(options.CheckpointFolder!).Length != 1)
            {
                Assert.Fail("There is no checkpoint, or there are several.");
            }

            try
            {
                using LanguageModelTransformer model = ShortRun.Fit(options, ml);
                Assert.IsFalse(isCancelled, "cancelled, it gave a model");
                Assert.AreEqual(expected, ShortRun.HashOfWeights(ModelZip.Save(model)));
            }
            catch (OperationCanceledException)
            {
                Assert.IsTrue(isCancelled);
            }
        }

        Assert.IsGreaterThan(6, parts);
    }

    [TestMethod]
    public void With_a_higher_limit_it_ends_as_if_the_lower_one_had_never_been()
    {
        string expected = ShortRun.Hash(ShortRun.Options());
        MixtureOfSoftmaxesTrainer.Options options = Resuming(ShortRun.Options());
        options.MaximumTime = TimeSpan.FromTicks(1);
        Assert.AreEqual(1, Steps());
        options.MaximumTime = null;
        options.MaximumTokens = 200;
        Assert.IsInRange(2, 8, Steps());
        options.MaximumTokens = null;
        options.MaximumEpochs = 2;
        Assert.IsInRange(10, 30, Steps());
        options.MaximumEpochs = 3;
        Assert.AreEqual(expected, ShortRun.Hash(options));

        int Steps()
        {
            var recorder = new Recorder();
            options.Progress = recorder;
            ShortRun.Fit(options).Dispose();
            return recorder.Events.Count(e => e.ValidationPerplexity is null);
        }
    }

    [TestMethod]
    public void A_run_that_had_ended_gives_its_model_again_without_a_step()
    {
        MixtureOfSoftmaxesTrainer.Options options = Resuming(ShortRun.Options());
        string ended = ShortRun.Hash(options);
        var recorder = new Recorder();
        options.Progress = recorder;
        Assert.AreEqual(ended, ShortRun.Hash(options));
        Assert.IsEmpty(recorder.Events);
    }

    [TestMethod]
    public void Another_run_is_refused_and_what_differs_is_named()
    {
        MixtureOfSoftmaxesTrainer.Options options = Resuming(ShortRun.Options());
        options.MaximumTokens = 50;
        ShortRun.Fit(options).Dispose();
        options.LearningRate = 6;
        options.HiddenSize = 9;
        Errors.AssertThrows<InvalidOperationException>(
            () => ShortRun.Fit(options), "LearningRate was '5', is '6'", "HiddenSize was '8', is '9'");
        options.LearningRate = 5;
        options.HiddenSize = 8;
        Errors.AssertThrows<InvalidOperationException>(() => ShortRun.Fit(options, new MLContext(seed: 2)), "Seed was '1', is '2'");
        Errors.AssertThrows<InvalidOperationException>(
            () => ShortRun.Fit(options, data: TinyModel.Tokens(TinyLanguage.Sentences(seed: 4, count: 60))), "TrainingData");
        options.ValidationSet = ShortRun.Training;
        Errors.AssertThrows<InvalidOperationException>(() => ShortRun.Fit(options), "ValidationData");
    }

    [TestMethod]
    public void A_difference_that_only_changes_the_end_is_logged()
    {
        MixtureOfSoftmaxesTrainer.Options options = Resuming(ShortRun.Options());
        options.MaximumEpochs = 1;
        ShortRun.Fit(options).Dispose();
        options.MaximumEpochs = 2;
        var messages = new List<string>();
        var ml = new MLContext(seed: 1);
        ml.Log += (_, e) => messages.Add(e.Message);
        ShortRun.Fit(options, ml).Dispose();
        Assert.IsTrue(messages.Any(m => m.Contains("MaximumEpochs was '1', is '2'", StringComparison.Ordinal)), string.Join('\n', messages));
        Assert.IsTrue(messages.Any(m => m.Contains("Going on from", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Without_a_seed_of_the_users_it_goes_on_with_the_one_that_was_drawn()
    {
        MixtureOfSoftmaxesTrainer.Options options = Resuming(ShortRun.Options());
        options.MaximumTokens = 50;
        ShortRun.Fit(options, new MLContext()).Dispose();
        options.MaximumTokens = 100;
        var recorder = new Recorder();
        options.Progress = recorder;
        ShortRun.Fit(options, new MLContext()).Dispose();
        Assert.IsGreaterThan(50, recorder.Events[0].Tokens);
    }

    private MixtureOfSoftmaxesTrainer.Options Resuming(MixtureOfSoftmaxesTrainer.Options options)
    {
        options.CheckpointFolder = _folder.PathOf("checkpoints");
        options.Resume = true;
        return options;
    }
}
