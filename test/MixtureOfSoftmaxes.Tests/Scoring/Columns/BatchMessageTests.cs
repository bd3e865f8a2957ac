using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

/// <summary>What goes from one rank to another arrives as it was.</summary>
[TestClass]
public sealed class BatchMessageTests
{
    [TestMethod]
    public void Rows()
    {
        var detail = new TokenDetail(Ranks: true, TopCount: 3);
        InputRow[] sent = [new([1, 2, 3], StartsText: true), new([], StartsText: true, Context: [7]), new([4], StartsText: true, Context: [])];
        (InputRow[] rows, TokenDetail read) = BatchMessage.ReadRows(BatchMessage.Of(sent, detail));
        Assert.AreEqual(detail, read);
        Assert.HasCount(3, rows);
        Assert.AreSequenceEqual([1, 2, 3], rows[0].Words);
        Assert.IsNull(rows[0].Context);
        Assert.IsEmpty(rows[1].Words);
        Assert.AreSequenceEqual([7], rows[1].Context!);
        Assert.IsEmpty(rows[2].Context!);
    }

    [TestMethod]
    public void Scores()
    {
        var detail = new TokenDetail(Ranks: true, TopCount: 2);
        var scores = new SequenceScores(2, detail);
        float[] values = [-1.5f, float.NegativeInfinity];
        values.CopyTo(scores.LogLikelihoods, 0);
        new[] { 1, 9 }.CopyTo(scores.Ranks, 0);
        new[] { 3, 4, 5, 6 }.CopyTo(scores.TopWords, 0);
        new[] { -0.1f, -0.2f, -0.3f, float.NaN }.CopyTo(scores.TopLogLikelihoods, 0);
        SequenceScores[] read = BatchMessage.ReadScores(BatchMessage.Of([scores, new(0, detail)]), 2, detail);
        Assert.HasCount(2, read);
        Assert.AreSequenceEqual(scores.LogLikelihoods, read[0].LogLikelihoods);
        Assert.AreSequenceEqual(scores.Ranks, read[0].Ranks);
        Assert.AreSequenceEqual(scores.TopWords, read[0].TopWords);
        Assert.AreSequenceEqual(scores.TopLogLikelihoods, read[0].TopLogLikelihoods);
        Assert.IsEmpty(read[1].LogLikelihoods);
    }
}
