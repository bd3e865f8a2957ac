using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling;

[TestClass]
public sealed class TokenGridTests
{
    private const int Mark = 9;
    private static readonly int[] s_stream = [1, 2, 3, 4, 5, 6, 7];

    [TestMethod]
    public void One_column_reads_the_stream_behind_the_mark()
    {
        using DisposeScope scope = NewDisposeScope();
        var grid = new TokenGrid(s_stream, Mark, columns: 1, length: 7, CPU);
        AssertWindow(grid, 0, 7, words: [9, 1, 2, 3, 4, 5, 6], targets: [1, 2, 3, 4, 5, 6, 7]);
    }

    [TestMethod]
    public void Columns_lie_side_by_side_and_a_short_grid_leaves_the_tail_out()
    {
        using DisposeScope scope = NewDisposeScope();
        var grid = new TokenGrid(s_stream, Mark, columns: 2, length: 3, CPU);
        AssertWindow(grid, 0, 3, words: [9, 3, 1, 4, 2, 5], targets: [1, 4, 2, 5, 3, 6]);
    }

    [TestMethod]
    public void A_long_grid_is_filled_up_with_marks()
    {
        using DisposeScope scope = NewDisposeScope();
        var grid = new TokenGrid(s_stream, Mark, columns: 3, length: 3, CPU);
        AssertWindow(grid, 0, 3, words: [9, 3, 6, 1, 4, 7, 2, 5, 9], targets: [1, 4, 7, 2, 5, 9, 3, 6, 9]);
    }

    [TestMethod]
    public void A_window_is_some_time_steps_of_all_columns()
    {
        using DisposeScope scope = NewDisposeScope();
        var grid = new TokenGrid(s_stream, Mark, columns: 2, length: 3, CPU);
        AssertWindow(grid, 1, 2, words: [1, 4, 2, 5], targets: [2, 5, 3, 6]);
        Assert.AreSequenceEqual([2L, 2], grid.Window(1, 2).Words.shape);
        Assert.AreSequenceEqual([4L], grid.Window(1, 2).Targets.shape);
    }

    [TestMethod]
    public void An_empty_stream_is_nothing_but_marks()
    {
        using DisposeScope scope = NewDisposeScope();
        var grid = new TokenGrid([], Mark, columns: 2, length: 1, CPU);
        AssertWindow(grid, 0, 1, words: [9, 9], targets: [9, 9]);
    }

    private static void AssertWindow(TokenGrid grid, int start, int steps, long[] words, long[] targets)
    {
        (Tensor windowWords, Tensor windowTargets) = grid.Window(start, steps);
        Assert.AreSequenceEqual(words, windowWords.contiguous().data<long>().ToArray());
        Assert.AreSequenceEqual(targets, windowTargets.contiguous().data<long>().ToArray());
    }
}
