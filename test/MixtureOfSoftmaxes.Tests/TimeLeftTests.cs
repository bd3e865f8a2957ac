namespace Microsoft.ML.MixtureOfSoftmaxes.Tests;

[TestClass]
public sealed class TimeLeftTests
{
    [TestMethod]
    [DataRow(0.25, 30)]
    [DataRow(0.5, 10)]
    [DataRow(0.8, 2.5)]
    [DataRow(1, 0)]
    [DataRow(1.5, 0)]
    public void Ten_seconds_for_a_share_leave_as_many_for_the_rest(double share, double seconds) =>
        Assert.AreEqual(seconds, TimeLeft.Of(TimeSpan.FromSeconds(10), share).TotalSeconds, 1e-6);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1e-300)]
    public void What_would_take_longer_than_can_be_told_is_the_longest_time(double share) =>
        Assert.AreEqual(TimeSpan.MaxValue, TimeLeft.Of(TimeSpan.FromSeconds(10), share));
}
