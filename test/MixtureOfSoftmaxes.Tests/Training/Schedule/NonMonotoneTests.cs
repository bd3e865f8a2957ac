using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Schedule;

/// <summary>The non-monotone test of NT-ASGD: when averaging begins, and when fine-tuning ends.</summary>
[TestClass]
public sealed class NonMonotoneTests
{
    [TestMethod]
    [DataRow(1, new double[] { }, false)]
    [DataRow(1, new[] { 5.0, 6.0 }, false)]
    [DataRow(1, new[] { 5.0, 4.0, 6.0 }, true)]
    [DataRow(1, new[] { 5.0, 4.0, 4.5 }, false)]
    [DataRow(1, new[] { 5.0, 4.0, 3.0, 4.0 }, false)]
    [DataRow(1, new[] { 5.0, 4.0, 3.0, 4.001 }, true)]
    [DataRow(2, new[] { 5.0, 1.0, 1.0, 4.9 }, false)]
    [DataRow(2, new[] { 5.0, 1.0, 1.0, 5.1 }, true)]
    [DataRow(5, new[] { 9.0, 8, 7, 6, 5, 4, 3 }, false)]
    [DataRow(5, new[] { 1.0, 9, 9, 9, 9, 0.5, 1.1 }, true)]
    [DataRow(5, new[] { 1.0, 9, 9, 9, 9, 9 }, false)]
    public void Hand_made_histories(int window, double[] losses, bool expected) =>
        Assert.AreEqual(expected, new TrainingState { ValidationLosses = [.. losses] }.IsNonMonotone(window));

    [TestMethod]
    public void Random_histories_agree_with_the_definition()
    {
        var random = new Random(1);
        int positive = 0;
        for (int trial = 0; trial < 5000; trial++)
        {
            double[] losses = [.. Enumerable.Range(0, random.Next(0, 14)).Select(_ => (double)random.Next(10))];
            int window = random.Next(1, 7);
            bool expected = IsWorse(losses, window);
            positive += expected ? 1 : 0;
            Assert.AreEqual(
                expected, new TrainingState { ValidationLosses = [.. losses] }.IsNonMonotone(window), $"{window}: {string.Join(' ', losses)}");
        }

        Assert.IsInRange(1000, 4000, positive);
    }

    /// <summary>Whether the newest loss v is above the best of the history before it without that history's last n.</summary>
    private static bool IsWorse(double[] losses, int n)
    {
        int history = losses.Length - 1;
        for (int i = 0; i < history - n; i++)
        {
            if (losses[i] < losses[history])
            {
                return true;
            }
        }

        return false;
    }
}
