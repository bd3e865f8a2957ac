using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Display;

namespace Mos.Tests.Display;

[TestClass]
public sealed class ProgressTextTests
{
    [TestMethod]
    public void Finished_epochs_stand_under_each_other_and_fit_a_narrow_terminal()
    {
        string[] lines = [.. new[] { (1, 9876.54, 12345.6), (12, 98.7, 101.25), (400, 41.1, 58.08) }.Select(epoch =>
            ProgressText.DescribeEpoch(At(epoch.Item1, epoch.Item2, epoch.Item3, tokensPerSecond: 104_000)))];
        Assert.AreEqual("epoch   1/400: train    9877, valid   12346, 104,000 tok/s, 12 min 59 s left", lines[0]);
        Assert.AreEqual("epoch  12/400: train   98.70, valid  101.25, 104,000 tok/s, 12 min 59 s left", lines[1]);
        Assert.AreEqual("epoch 400/400: train   41.10, valid   58.08, 104,000 tok/s, 12 min 59 s left", lines[2]);
        Assert.IsTrue(lines.All(line => line.Length < 80));
    }

    [TestMethod]
    public void The_step_in_work_fits_beside_its_bar()
    {
        // The bar, the percentage and the spaces between them take 24 columns.
        string line = ProgressText.DescribeStep(At(400, 9876.54, null, tokensPerSecond: 104_000));
        Assert.AreEqual("epoch 400/400, ppl 9877, 104,000/s, 12 min 59 s left", line);
        Assert.IsLessThanOrEqualTo(80 - 24, line.Length);
    }

    [TestMethod]
    public void A_long_training_with_a_thousand_epochs_fits_a_narrow_terminal_too()
    {
        TrainingProgress progress = At(1, 9876.54, 12345.6, tokensPerSecond: 104_000) with
        {
            MaximumEpochs = 1000,
            Remaining = new TimeSpan(23, 59, 0),
        };
        string epoch = ProgressText.DescribeEpoch(progress);
        Assert.AreEqual("epoch    1/1000: train    9877, valid   12346, 104,000 tok/s, 23 h 59 min left", epoch);
        Assert.IsLessThan(80, epoch.Length);
        Assert.IsLessThanOrEqualTo(80 - 24, ProgressText.DescribeStep(progress).Length);
    }

    private static TrainingProgress At(int epoch, double perplexity, double? validation, double tokensPerSecond) => new(
        epoch, 400, 10, 10, 1_000_000, Math.Log(perplexity), validation, 20, tokensPerSecond, TimeSpan.FromMinutes(5),
        new TimeSpan(0, 12, 59));
}
