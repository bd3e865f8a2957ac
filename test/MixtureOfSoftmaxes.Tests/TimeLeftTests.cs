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

    [TestMethod]
    [DataRow(0.4, "0 s")]
    [DataRow(59.6, "1 min 0 s")]
    [DataRow(10, "10 s")]
    [DataRow(265, "4 min 25 s")]
    [DataRow((2 * 3600) + (5 * 60) + 29, "2 h 5 min")]
    [DataRow(86400 * 1234.5, "1,234 d 12 h")]
    public void Times_read_as_people_write_them(double seconds, string text) =>
        Assert.AreEqual(text, TimeLeft.Text(TimeSpan.FromSeconds(seconds)));

    [TestMethod]
    public void A_time_without_end_is_no_number() => Assert.AreEqual("unknown time", TimeLeft.Text(TimeSpan.MaxValue));
}
