using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests;

[TestClass]
public sealed class OptionTextTests
{
    [TestMethod]
    [DataRow(".", ",")]
    [DataRow(",", ".")]
    public void A_number_is_read_the_same_in_every_culture(string decimals, string thousands)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (decimals, thousands);
        CultureInfo.CurrentCulture = culture;
        try
        {
            Assert.AreEqual(0.5, OptionText.Parse("0.5", typeof(double)));
            Assert.AreEqual(-2e-6, OptionText.Parse("-2E-6", typeof(double)));
            Assert.AreEqual(1000, OptionText.Parse("1000", typeof(int)));
            Assert.AreEqual(5_000_000_000, OptionText.Parse("5000000000", typeof(long)));
            Assert.AreEqual(TimeSpan.FromSeconds(1.5), OptionText.Parse("1.5s", typeof(TimeSpan)));
            Assert.AreSequenceEqual([0, -2, 1000], (int[])OptionText.Parse("0, -2,1000", typeof(int[])));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    [DataRow("0,5", typeof(double))]
    [DataRow("2,0,0", typeof(double))]
    [DataRow("1,000.5", typeof(double))]
    [DataRow("1 000", typeof(double))]
    [DataRow("", typeof(double))]
    [DataRow("1,000", typeof(int))]
    [DataRow("1.000", typeof(int))]
    [DataRow("1,000", typeof(long))]
    [DataRow("yes", typeof(bool))]
    [DataRow("1.000", typeof(int[]))]
    [DataRow("1,,2", typeof(int[]))]
    [DataRow("", typeof(int[]))]
    public void What_separates_thousands_in_some_countries_and_decimals_in_others_is_an_error(string text, Type type) =>
        Errors.AssertThrows<FormatException>(() => OptionText.Parse(text, type));
}
