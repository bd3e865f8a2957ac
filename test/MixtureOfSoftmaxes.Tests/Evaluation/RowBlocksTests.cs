using Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Evaluation;

[TestClass]
public sealed class RowBlocksTests
{
    [TestMethod]
    [DataRow(10, ScoringContext.Row, null, 1)]
    [DataRow(10, ScoringContext.Stream, null, 3)]
    [DataRow(27, ScoringContext.Document, null, 3)]
    [DataRow(28, ScoringContext.Stream, null, 4)]
    [DataRow(28, ScoringContext.Row, 5, 5)]
    [DataRow(28, ScoringContext.Stream, 1, 1)]
    [DataRow(28, ScoringContext.Stream, 100, 28)]
    [DataRow(131_072, ScoringContext.Row, null, 1)]
    [DataRow(131_073, ScoringContext.Row, null, 2)]
    [DataRow(131_073, ScoringContext.Row, 3, 4)]
    [DataRow(600_000, ScoringContext.Row, null, 8)]
    [DataRow(600_000, ScoringContext.Stream, null, 88)]
    public void Blocks_are_of_consecutive_rows_and_hold_all_sums(int rows, ScoringContext context, int? asked, int length)
    {
        var blocks = new RowBlocks();
        CorpusSums[] sums = [.. Enumerable.Range(0, rows).Select(row => new CorpusSums(row, row % 7, new(1, row % 5, row % 3)))];
        Array.ForEach(sums, blocks.Add);
        Assert.AreSequenceEqual(
            sums.Chunk(length).Select(block => new CorpusSums(
                block.Sum(row => row.Loss),
                block.Sum(row => row.Tokens),
                new(block.Length, block.Sum(row => row.Length.Bytes), block.Sum(row => row.Length.Characters)))),
            blocks.Of(context, asked));
    }
}
