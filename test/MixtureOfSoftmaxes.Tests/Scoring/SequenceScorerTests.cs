using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling.Heads;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring;

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
        float[] scores = _scorer.ScoreRows([row])[0];
        Numbers.AssertClose(Walk(row), [.. scores.Select(score => (double)score)], Tolerance, "log-likelihood");
    }

    [TestMethod]
    public void An_empty_row_is_the_mark_after_the_mark()
    {
        float[] scores = _scorer.ScoreRows([[]])[0];
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
        float[][] together = _scorer.ScoreRows(rows);
        foreach (int i in Enumerable.Range(0, 40).Append(299))
        {
            AssertSame(_scorer.ScoreRows([rows[i]])[0], together[i]);
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
        float[][] alone = [.. rows.Select(row => _scorer.ScoreRows([row])[0])];
        float[][] together = new float[rows.Length][];
        var threads = new ParallelOptions { MaxDegreeOfParallelism = 4 };
        Parallel.For(0, rows.Length, threads, i => together[i] = _scorer.ScoreRows([rows[i]])[0]);
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
            scores.AddRange(_scorer.ScoreStream(stream.AsSpan(start, length), ref position));
            start += length;
        }

        position?.Dispose();
        return [.. scores];
    }

    /// <summary>log P of every word and of the mark, one time step at a time, the mixture evaluated in plain C#.</summary>
    private double[] Walk(int[] row, int first = Mark)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] decoder = Tensors.Values(_network.Embedding), bias = Tensors.Values(_network.DecoderBias);
        RecurrentState state = _network.InitialState(1);
        int last = first;
        var scores = new List<double>();
        foreach (int word in row.Append(Mark))
        {
            LanguageModelNetwork.Encoding encoding = _network.Encode(Tensors.Ids([last], 1, 1), state, DropoutRates.None);
            scores.Add(LogLikelihood(encoding.Mixture, decoder, bias, word));
            (state, last) = (encoding.Next, word);
        }

        return [.. scores];
    }

    private static double LogLikelihood(Mixture mixture, double[] decoder, double[] bias, int word)
    {
        double[] contexts = Tensors.Values(mixture.Contexts), logPriors = Tensors.Values(mixture.LogPriors!);
        int size = contexts.Length / logPriors.Length;
        double[] joint =
        [
            .. contexts.Chunk(size).Select((context, k) =>
            {
                double[] logits = [.. bias.Select((b, v) => b + Numbers.Dot(context, decoder.AsSpan(v * size, size)))];
                return logPriors[k] + logits[word] - Numbers.LogSumExp(logits);
            }),
        ];
        return Numbers.LogSumExp(joint);
    }

    private static void AssertSame(float[] expected, float[] actual) => Numbers.AssertClose(
        [.. expected.Select(score => (double)score)], [.. actual.Select(score => (double)score)], Tolerance, "log-likelihood");
}
