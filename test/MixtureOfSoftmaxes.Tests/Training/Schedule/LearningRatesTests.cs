using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Schedule;

[TestClass]
public sealed class LearningRatesTests
{
    private const double Rate = 20;

    [TestMethod]
    public void Warm_up_rises_by_equal_steps_to_the_full_rate()
    {
        var rates = new LearningRates(new() { WarmupSteps = 4, LearningRateSchedule = LearningRateSchedule.Constant });
        double[] actual = [.. Enumerable.Range(0, 6).Select(step => rates.At(new() { LearningRate = Rate, Steps = step }, 0.3))];
        Assert.AreSequenceEqual([5, 10, 15, 20, 20, 20], actual);
    }

    [TestMethod]
    [DataRow(LearningRateSchedule.Constant)]
    [DataRow(LearningRateSchedule.Plateau)]
    public void Without_a_cosine_the_rate_is_that_of_the_state_all_along(LearningRateSchedule schedule)
    {
        var rates = new LearningRates(new() { LearningRateSchedule = schedule, MaximumEpochs = 10, MaximumTokens = 100 });
        Assert.AreEqual(1.25, rates.At(new() { LearningRate = 1.25, Epoch = 9, Steps = 5, Tokens = 99 }, 0.9));
    }

    [TestMethod]
    [DataRow(1, 0.0, 20.0)]
    [DataRow(1, 0.5, 19.510565162951536)]
    [DataRow(3, 0.5, 10.0)]
    [DataRow(5, 1.0, 0.0)]
    public void The_cosine_goes_from_the_full_rate_by_half_of_it_to_zero(int epoch, double share, double expected)
    {
        var rates = new LearningRates(new() { LearningRateSchedule = LearningRateSchedule.Cosine, MaximumEpochs = 5 });
        Assert.AreEqual(expected, rates.At(new() { LearningRate = Rate, Epoch = epoch, Steps = 100 }, share), 1e-12);
    }

    [TestMethod]
    public void The_cosine_ends_at_the_limit_of_tokens_where_that_comes_first()
    {
        var rates = new LearningRates(
            new() { LearningRateSchedule = LearningRateSchedule.Cosine, MaximumEpochs = 100, MaximumTokens = 1000 });
        Assert.AreEqual(Rate / 2, rates.At(new() { LearningRate = Rate, Tokens = 500 }, 0.25), 1e-12);
        Assert.AreEqual(0, rates.At(new() { LearningRate = Rate, Tokens = 1010 }, 0.25), 1e-12);
    }

    [TestMethod]
    public void The_cosine_ends_at_the_limit_of_time_where_that_comes_first()
    {
        var rates = new LearningRates(new()
        {
            LearningRateSchedule = LearningRateSchedule.Cosine,
            MaximumEpochs = 4,
            MaximumTime = TimeSpan.FromHours(2),
        });
        Assert.AreEqual(Rate / 2, At(hours: 1, epochs: 1), 1e-12);
        Assert.AreEqual(Rate / 2, At(hours: 0.5, epochs: 2), 1e-12, "half of the epochs, a quarter of the time");
        Assert.AreEqual(0, At(hours: 2.5, epochs: 1), 1e-12);

        double At(double hours, int epochs) =>
            rates.At(new() { LearningRate = Rate, Epoch = 1 + epochs, Elapsed = TimeSpan.FromHours(hours) }, 0);
    }

    [TestMethod]
    public void The_cosine_spans_training_and_fine_tuning_together()
    {
        var rates = new LearningRates(
            new() { LearningRateSchedule = LearningRateSchedule.Cosine, MaximumEpochs = 6, FinetuneEpochs = 2 });
        double actual = rates.At(new() { LearningRate = Rate, IsFinetuning = true, Epoch = 2 }, 0.0);
        Assert.AreEqual(Rate * Math.Pow(Math.Cos(Math.PI * 7 / 16), 2), actual, 1e-12);
    }
}
