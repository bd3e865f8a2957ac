using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

/// <summary>Limits of tokens and time; what a resumed run makes of them is among the tests of checkpoints.</summary>
[TestClass]
public sealed class LimitsTests
{
    private readonly MixtureOfSoftmaxesTrainer.Options _options = ShortRun.Options();
    private readonly Recorder _recorder = new();

    public LimitsTests() => _options.Progress = _recorder;

    [TestMethod]
    public void The_limit_of_tokens_ends_a_run_at_the_first_step_past_it_with_a_validation()
    {
        _options.MaximumTokens = 130;
        ShortRun.Fit(_options).Dispose();
        TrainingProgress[] steps = [.. _recorder.Events.Where(e => e.ValidationPerplexity is null)];
        Assert.IsGreaterThanOrEqualTo(130, steps[^1].Tokens);
        Assert.IsLessThan(130, steps[^2].Tokens);
        Assert.HasCount(1, _recorder.Validations);
        Assert.IsNotNull(_recorder.Events[^1].ValidationPerplexity);
    }

    [TestMethod]
    public void A_limit_at_the_very_end_of_an_epoch_validates_once()
    {
        _options.MaximumEpochs = 1;
        ShortRun.Fit(_options).Dispose();
        _options.MaximumTokens = _recorder.Events[^1].Tokens;
        _options.MaximumEpochs = 3;
        _recorder.Events.Clear();
        ShortRun.Fit(_options).Dispose();
        Assert.HasCount(1, _recorder.Validations);
        Assert.AreEqual(1, _recorder.Events[^1].Epoch);
    }

    [TestMethod]
    public void The_limit_of_time_ends_a_run_within_an_epoch_with_a_validation()
    {
        _options.MaximumTime = TimeSpan.FromTicks(1);
        ShortRun.Fit(_options).Dispose();
        Assert.HasCount(2, _recorder.Events);
        Assert.HasCount(1, _recorder.Validations);
        Assert.AreEqual(1, _recorder.Events[^1].Step);
        Assert.IsTrue(_recorder.Events.All(e => e.Remaining == TimeSpan.Zero), "beyond the limit no time is left, nor less than none");
    }

    [TestMethod]
    public void The_time_left_is_never_more_than_the_limit_of_time_leaves()
    {
        _options.MaximumTime = TimeSpan.FromHours(1);
        _options.MaximumEpochs = int.MaxValue;
        _options.MaximumTokens = 2000;
        ShortRun.Fit(_options).Dispose();
        Assert.IsTrue(_recorder.Events.All(e => e.Remaining >= TimeSpan.Zero && e.Remaining <= _options.MaximumTime - e.Elapsed));
    }

    [TestMethod]
    public void The_time_left_of_a_run_without_an_end_to_speak_of_does_not_overflow()
    {
        _options.MaximumEpochs = int.MaxValue;
        _options.MaximumTime = TimeSpan.FromDays(366);
        var state = new TrainingState { LearningRate = _options.LearningRate, Elapsed = TimeSpan.FromDays(365.999999) };
        using var run = new WatchedRun(_options, state);
        run.Run();
        Assert.IsNotEmpty(run.Events);
    }
}
