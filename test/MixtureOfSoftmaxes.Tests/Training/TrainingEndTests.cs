using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

/// <summary>Whatever ends a run is known, and the run can be resumed after it: to the same model as it was, or on with a higher limit.</summary>
[TestClass]
public sealed class TrainingEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Recorder _recorder = new();
    private readonly MixtureOfSoftmaxesTrainer.Options _options = ShortRun.Options();

    public TrainingEndTests()
    {
        _options.CheckpointFolder = _folder.PathOf("checkpoints");
        _options.Resume = true;
        _options.Progress = _recorder;
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void The_limit_of_epochs() => AssertEndsAndResumes(TrainingEnd.Epochs, epochs: 3, more: options => options.MaximumEpochs = 4);

    [TestMethod]
    public void The_limit_of_epochs_of_fine_tuning_which_count_on()
    {
        _options.MaximumEpochs = 1;
        _options.FinetuneEpochs = 2;
        AssertEndsAndResumes(TrainingEnd.Epochs, epochs: 3, more: options => options.FinetuneEpochs = 3);
    }

    [TestMethod]
    public void The_limit_of_tokens_within_an_epoch_whose_last_weights_are_the_best()
    {
        _options.MaximumTokens = 700;
        AssertEndsAndResumes(TrainingEnd.Tokens, epochs: 2, more: options => options.MaximumTokens = null);
        Assert.IsLessThan(_recorder.Validations[0], _recorder.Validations[1], "else the resumed run had nothing to find again");
    }

    [TestMethod]
    public void The_limit_of_time()
    {
        _options.MaximumTime = TimeSpan.FromTicks(1);
        AssertEndsAndResumes(TrainingEnd.Time, epochs: 1, more: options => options.MaximumTime = null);
    }

    [TestMethod]
    public void Early_stopping()
    {
        (_options.LearningRate, _options.ClipNorm, _options.MaximumEpochs, _options.EarlyStoppingEpochs) = (20, 5, 30, 1);
        AssertEndsAndResumes(TrainingEnd.EarlyStopping, epochs: null, more: options => options.EarlyStoppingEpochs = 2);
    }

    [TestMethod]
    public void Cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        _options.CancellationToken = cancellation.Token;
        _options.Progress = new Recorder(progress =>
        {
            if (progress is { Epoch: 2, Step: 3 })
            {
                cancellation.Cancel();
            }
        });
        AssertEndsAndResumes(TrainingEnd.Cancellation, epochs: 2, more: options => options.CancellationToken = default);
    }

    [TestMethod]
    public void A_cancellation_before_the_first_step_has_no_validation_and_no_tokens()
    {
        _options.CancellationToken = new CancellationToken(canceled: true);
        using LanguageModelTransformer model = ShortRun.Fit(_options);
        Assert.AreEqual(new TrainingSummary(TrainingEnd.Cancellation, 0, 0, TimeSpan.Zero, null), model.Training);
    }

    [TestMethod]
    public void A_cancellation_that_comes_when_all_is_done_ends_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        _options.CancellationToken = cancellation.Token;
        _options.MaximumEpochs = 1;
        _options.Progress = new Recorder(progress =>
        {
            if (progress.ValidationPerplexity is not null)
            {
                cancellation.Cancel();
            }
        });
        using LanguageModelTransformer model = ShortRun.Fit(_options);
        Assert.IsTrue(cancellation.IsCancellationRequested);
        Assert.AreEqual(TrainingEnd.Epochs, model.Training!.End);
    }

    [TestMethod]
    public void Without_validation_there_is_no_perplexity_of_it()
    {
        (_options.ValidationSet, _options.MaximumEpochs) = (null, 1);
        using LanguageModelTransformer model = ShortRun.Fit(_options);
        Assert.IsNull(model.Training!.ValidationPerplexity);
    }

    [TestMethod]
    public void The_same_model_with_other_columns_knows_it_and_one_that_was_loaded_does_not()
    {
        _options.MaximumEpochs = 1;
        var ml = new MLContext(seed: 1);
        using LanguageModelTransformer model = ShortRun.Fit(_options, ml);
        Assert.AreSame(model.Training, model.WithScoring(new()).Training);
        ml.LanguageModeling.Save(model, ShortRun.Training.Schema, _folder.PathOf("m.zip"));
        ITransformer loaded = ml.LanguageModeling.Load(_folder.PathOf("m.zip"), out _);
        using LanguageModelTransformer again = ml.LanguageModeling.GetLanguageModel(loaded);
        Assert.IsNull(again.Training);
    }

    private void AssertEndsAndResumes(TrainingEnd end, int? epochs, Action<MixtureOfSoftmaxesTrainer.Options> more)
    {
        using LanguageModelTransformer first = ShortRun.Fit(_options);
        TrainingSummary summary = first.Training!;
        Assert.AreEqual(end, summary.End);
        Assert.AreEqual(epochs ?? summary.Epochs, summary.Epochs);

        string hash = ShortRun.HashOfWeights(ModelZip.Save(first));
        var resumed = new Recorder();
        _options.Progress = resumed;
        using LanguageModelTransformer again = ShortRun.Fit(_options);
        Assert.AreEqual(summary, again.Training);
        Assert.AreEqual(hash, ShortRun.HashOfWeights(ModelZip.Save(again)));
        Assert.IsTrue(resumed.Events.All(e => e.ValidationPerplexity is not null), "no step is done");

        more(_options);
        using LanguageModelTransformer on = ShortRun.Fit(_options);
        Assert.IsGreaterThan(summary.Tokens, on.Training!.Tokens);
        if (_recorder.Validations is [_, ..] validations)
        {
            Assert.AreEqual(validations.Min(), summary.ValidationPerplexity!.Value, 1e-9);
            Assert.AreEqual(_recorder.Events[^1].Tokens, summary.Tokens);
        }
    }
}
