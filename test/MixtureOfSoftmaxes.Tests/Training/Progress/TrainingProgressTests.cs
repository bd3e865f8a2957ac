using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Progress;

[TestClass]
public sealed class TrainingProgressTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Events_count_steps_tokens_and_time_up_and_the_time_left_down_to_nothing()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 2;
        var recorder = new Recorder();
        options.Progress = recorder;
        TinyModel.Train(_ml, options);
        int length = TinyModel.TrainingSentences.Sum(sentence => sentence.Split(' ').Length + 1) / options.BatchSize;
        int steps = (length + options.SequenceLength - 1) / options.SequenceLength;
        Assert.HasCount(2 * steps, recorder.Events);
        long tokens = 0;
        for (int i = 0; i < recorder.Events.Count; i++)
        {
            TrainingProgress progress = recorder.Events[i];
            Assert.AreEqual(1 + (i / steps), progress.Epoch);
            Assert.AreEqual(2, progress.MaximumEpochs);
            Assert.AreEqual(1 + (i % steps), progress.Step);
            Assert.AreEqual(steps, progress.StepsPerEpoch);
            Assert.AreEqual(progress.Step == steps, progress.IsEpochEnd);
            tokens += options.BatchSize * Math.Min(options.SequenceLength, length - (i % steps * options.SequenceLength));
            Assert.AreEqual(tokens, progress.Tokens);
            Assert.AreEqual(options.LearningRate, progress.LearningRate);
            Assert.AreEqual(Math.Exp(progress.Loss), progress.Perplexity);
            Assert.IsNull(progress.ValidationPerplexity);
            Assert.IsGreaterThan(0, progress.TokensPerSecond);
            Assert.IsTrue(i == 0 || progress.Elapsed >= recorder.Events[i - 1].Elapsed);
            Assert.IsTrue(i == recorder.Events.Count - 1 ? progress.Remaining == TimeSpan.Zero : progress.Remaining > TimeSpan.Zero);
        }

        Assert.IsLessThan(recorder.Events[0].Loss, recorder.Events[^1].Loss);
    }

    [TestMethod]
    public void The_loss_is_the_mean_of_the_epoch_so_far()
    {
        // Rates too small to change anything: every epoch sees the loss of the same weights.
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.LearningRate = 1e-12;
        options.MaximumEpochs = 2;
        var recorder = new Recorder();
        options.Progress = recorder;
        TinyModel.Train(_ml, options);
        TrainingProgress[] ends = [.. recorder.Events.Where(e => e.IsEpochEnd)];
        Assert.AreEqual(ends[0].Loss, ends[1].Loss, 1e-6);
        Assert.AreEqual(Math.Log(8), ends[0].Loss, 0.2, "weights near zero make all eight words about as likely");
    }

    [TestMethod]
    public void The_token_limit_ends_training_within_an_epoch()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumTokens = 3 * options.BatchSize * options.SequenceLength - 1;
        var recorder = new Recorder();
        options.Progress = recorder;
        TinyModel.Train(_ml, options);
        Assert.HasCount(3, recorder.Events);
        Assert.AreEqual(options.MaximumTokens + 1, recorder.Events[^1].Tokens);
        Assert.AreEqual(TimeSpan.Zero, recorder.Events[^1].Remaining);
    }

    [TestMethod]
    public void Messages_of_validation_go_to_the_log_of_the_context()
    {
        var messages = new List<string>();
        _ml.Log += (_, e) => messages.Add(e.Message);
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 2;
        options.ValidationSet = TinyModel.Tokens(TinyModel.ValidationSentences);
        var recorder = new Recorder();
        options.Progress = recorder;
        TinyModel.Train(_ml, options);
        Assert.HasCount(2, recorder.Validations);
        string expected = FormattableString.Invariant($"validation perplexity {recorder.Validations[1]:F2}");
        Assert.Contains(expected, messages.Last(message => message.Contains("Epoch 2/2", StringComparison.Ordinal)));
    }
}
