using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Sequences;

[TestClass]
public sealed class SequenceScorerTests
{
    private const int Mark = 1;
    private const double Tolerance = 1e-5;

    private readonly LanguageModelNetwork _network = Shapes.Network();
    private readonly SequenceScorer _scorer;

    public SequenceScorerTests() => _scorer = new(_network, Mark);

    [TestCleanup]
    public void Free()
    {
        _scorer.Dispose();
        _network.Dispose();
    }

    [TestMethod]
    public void A_row_scores_as_a_walk_word_by_word_with_the_closed_form()
    {
        int[] row = [3, 4, 0, 12, 3];
        float[] scores = _scorer.ScoreRows([row])[0].LogLikelihoods;
        Numbers.AssertClose(Walk(row), [.. scores.Select(score => (double)score)], Tolerance, "log-likelihood");
    }

    [TestMethod]
    public void An_empty_row_is_the_mark_after_the_mark()
    {
        float[] scores = _scorer.ScoreRows([[]])[0].LogLikelihoods;
        Assert.HasCount(1, scores);
        Assert.AreEqual(Walk([])[0], scores[0], Tolerance);
    }

    [TestMethod]
    public void Rows_of_all_lengths_together_score_as_each_alone_and_keep_their_order()
    {
        // More places than one batch, and a row longer than one pass.
        var random = new Random(1);
        int[][] rows = [.. Enumerable.Range(0, 300).Select(_ => Numbers.Ids(random, random.Next(40), Shapes.Vocabulary))];
        rows[17] = Numbers.Ids(random, 700, Shapes.Vocabulary);
        rows[18] = [];
        rows[299] = Numbers.Ids(random, 5000, Shapes.Vocabulary);
        float[][] together = [.. _scorer.ScoreRows(rows).Select(scores => scores.LogLikelihoods)];
        foreach (int i in Enumerable.Range(0, 40).Append(299))
        {
            AssertSame(_scorer.ScoreRows([rows[i]])[0].LogLikelihoods, together[i]);
            Assert.HasCount(rows[i].Length + 1, together[i]);
        }
    }

    [TestMethod]
    public void No_rows_have_no_scores() => Assert.IsEmpty(_scorer.ScoreRows([]));

    [TestMethod]
    public void A_stream_scores_the_same_however_it_is_cut()
    {
        int[] stream = Numbers.Ids(new Random(2), 700, Shapes.Vocabulary);
        float[] whole = ScoreInPieces(stream, stream.Length);
        Numbers.AssertClose(Walk(stream)[..^1], [.. whole.Select(score => (double)score)], Tolerance, "log-likelihood");
        AssertSame(whole, ScoreInPieces(stream, 1));
        AssertSame(whole, ScoreInPieces(stream, 3, 0, 250, 1, 300));
    }

    [TestMethod]
    public void The_mean_loss_is_the_mean_over_columns_read_side_by_side()
    {
        int[] stream = Numbers.Ids(new Random(3), 20, Shapes.Vocabulary);
        Assert.AreEqual(-Walk(stream)[..^1].Average(), _scorer.MeanLoss(stream, 1), Tolerance);

        // Three columns of seven: 0 to 6, 7 to 13, 14 to 19; each reads the word before its first, but remembers nothing older.
        double[] columns =
            [.. Walk(stream[..7])[..^1], .. Walk(stream[7..14], stream[6])[..^1], .. Walk(stream[14..], stream[13])[..^1]];
        Assert.AreEqual(-columns.Average(), _scorer.MeanLoss(stream, 3), Tolerance);
        Assert.IsTrue(double.IsFinite(_scorer.MeanLoss(stream, 1000)), "more columns than tokens");
    }

    [TestMethod]
    public void Several_threads_get_the_scores_of_one()
    {
        int[][] rows = [.. Enumerable.Range(0, 16).Select(seed => Numbers.Ids(new Random(seed), 30, Shapes.Vocabulary))];
        float[][] alone = [.. rows.Select(row => _scorer.ScoreRows([row])[0].LogLikelihoods)];
        float[][] together = new float[rows.Length][];
        var threads = new ParallelOptions { MaxDegreeOfParallelism = 4 };
        Parallel.For(0, rows.Length, threads, i => together[i] = _scorer.ScoreRows([rows[i]])[0].LogLikelihoods);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.AreSequenceEqual(alone[i], together[i]);
        }
    }

    private float[] ScoreInPieces(int[] stream, params int[] lengths)
    {
        var scores = new List<float>();
        SequenceScorer.StreamPosition? position = null;
        for (int start = 0, piece = 0; start < stream.Length; piece++)
        {
            int length = Math.Min(lengths[piece % lengths.Length], stream.Length - start);
            scores.AddRange(_scorer.ScoreStream(stream[start..(start + length)], ref position).LogLikelihoods);
            start += length;
        }

        position?.Dispose();
        return [.. scores];
    }

    /// <summary>log P of every word and of the mark.</summary>
    private double[] Walk(int[] row, int first = Mark)
    {
        int[] text = [.. row, Mark];
        return [.. StepByStep.Distributions(_network, text, first).Zip(text, (logP, word) => logP[word])];
    }

    private static void AssertSame(float[] expected, float[] actual) => Numbers.AssertClose(
        [.. expected.Select(score => (double)score)], [.. actual.Select(score => (double)score)], Tolerance, "log-likelihood");
}
