using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests;

[TestClass]
public sealed class DurationTests
{
    [TestMethod]
    [DataRow("00:00:00", 0)]
    [DataRow("00:00:00.5", 0.5)]
    [DataRow("1:2:3", 3_723)]
    [DataRow("24:30:00", 88_200)]
    [DataRow("48:00:00", 172_800)]
    [DataRow("1000:00:00", 3_600_000)]
    [DataRow("2.01:00:00", 176_400)]
    [DataRow("1.5ms", 0.0015)]
    [DataRow("90s", 90)]
    [DataRow("0.1s", 0.1)]
    [DataRow("15m", 900)]
    [DataRow("2h", 7_200)]
    [DataRow("1.5h", 5_400)]
    [DataRow("3d", 259_200)]
    public void A_time_has_hours_minutes_and_seconds_or_a_unit(string text, double seconds) =>
        Assert.AreEqual(TimeSpan.FromSeconds(seconds), Duration.Parse(text));

    [TestMethod]
    [DataRow("")]
    [DataRow("90")]
    [DataRow("0")]
    [DataRow("1.5")]
    [DataRow("1:30")]
    [DataRow("00:60:00")]
    [DataRow("00:00:60")]
    [DataRow("-00:01:00")]
    [DataRow("-5s")]
    [DataRow("1,5h")]
    [DataRow("1,000s")]
    [DataRow("5 m")]
    [DataRow("15min")]
    [DataRow("1h30m")]
    [DataRow("15M")]
    [DataRow("15m\n")]
    [DataRow("٣s")]
    public void Anything_else_is_an_error_with_the_forms(string text) =>
        Errors.AssertThrows<FormatException>(() => Duration.Parse(text), $"'{text}'", "hh:mm:ss", "90s", "15m", "2h");

    [TestMethod]
    [DataRow("99999999999999:00:00")]
    [DataRow("99999999999999d")]
    [DataRow("99999999999999999999999999999999999999s")]
    public void Longer_than_a_time_can_be_is_an_error(string text) => Errors.AssertThrows<OverflowException>(() => Duration.Parse(text));

    [TestMethod]
    public void Every_time_as_NET_writes_it_is_read_back()
    {
        var random = new Random(7);
        for (int i = 0; i < 1000; i++)
        {
            var time = new TimeSpan(random.NextInt64(TimeSpan.MaxValue.Ticks >> random.Next(60)));
            Assert.AreEqual(time, Duration.Parse(time.ToString("c", CultureInfo.InvariantCulture)));
        }
    }
}
