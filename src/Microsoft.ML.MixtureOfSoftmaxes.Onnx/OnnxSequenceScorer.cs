using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>Scores of token sequences under an exported network. Its numbers are what the file has, whatever precision is asked for.</summary>
/// <param name="network">The network.</param>
/// <param name="endOfSentence">The mark at the end of each row.</param>
/// <param name="softmaxes">How many softmaxes it mixes, all of which it computes.</param>
internal sealed class OnnxSequenceScorer(OnnxNetworkSession network, int endOfSentence, int softmaxes) : ISequenceScorer
{
    // As the scorer on libtorch: little enough that memory does not depend on the length of rows.
    private const int StepsPerPass = 256;

    public SequenceScores[] ScoreRows(IReadOnlyList<int[]> rows, TokenDetail detail, Precision? precision, Cancellation cancellation)
    {
        var scores = new SequenceScores[rows.Count];
        foreach (RowBatch batch in RowBatch.Of(rows))
        {
            int[] padded = batch.Pad(rows, endOfSentence);
            foreach (int row in batch.Rows)
            {
                scores[row] = new(rows[row].Length + 1, detail);
            }

            float[]? state = null;
            Read(padded, batch.Steps, [.. batch.Rows.Select(row => scores[row])], ref state, cancellation);
        }

        return scores;
    }

    public ISequenceReading Open() => new Reading(this);

    public void Dispose() => network.Dispose();

    /// <summary>Reads texts side by side, pass by pass, and fills in the scores of each.</summary>
    /// <param name="tokens">As many of each text, row by row, filled up behind the last that is scored.</param>
    /// <param name="steps">How many.</param>
    /// <param name="scores">Of each text, as long as it is, the longest first.</param>
    /// <param name="state">Where the texts stand; then where those stand that are among the longest.</param>
    /// <param name="cancellation">Checked before each pass.</param>
    private void Read(int[] tokens, int steps, SequenceScores[] scores, ref float[]? state, Cancellation cancellation)
    {
        TokenDetail detail = scores[0].Detail;
        int texts = scores.Length;
        int topCount = Math.Max(detail.TopCount, detail.Ranks ? 1 : 0);
        for (int start = 0; start < steps; start += StepsPerPass)
        {
            cancellation.ThrowIfRequested();
            int time = Math.Min(StepsPerPass, steps - start);
            int[] counts = [.. scores.Select(text => Math.Min(text.LogLikelihoods.Length - start, time)).TakeWhile(count => count > 0)];
            long[] part =
            [
                .. counts.SelectMany((_, row) => new ArraySegment<int>(tokens, (row * steps) + start, time)).Select(token => (long)token),
            ];
            float[]? left = state?[..(state.Length / texts * counts.Length)];
            OnnxPass pass = network.Run(part, [.. counts.Select(count => (long)count)], left, topCount);
            for (int row = 0; row < counts.Length; row++)
            {
                pass.CopyTo(row, time, counts[row], scores[row], start);
                Array.Fill(scores[row].Experts, softmaxes);
            }

            (state, texts) = (pass.NextState, counts.Length);
        }
    }

    /// <summary>A stream that goes on; of continuations nothing is remembered.</summary>
    private sealed class Reading(OnnxSequenceScorer scorer) : ISequenceReading
    {
        private float[]? _state;

        public SequenceScores[] ScoreContinuations(
            IReadOnlyList<int[]> contexts, IReadOnlyList<int[]> rows, TokenDetail detail, Precision? precision, Cancellation cancellation)
        {
            int[][] texts = [.. contexts.Zip(rows, (context, row) => (int[])[.. context, .. row])];
            SequenceScores[] scores = scorer.ScoreRows(texts, detail, precision, cancellation);
            return [.. scores.Select((text, i) => text.Pick(contexts[i].Length, 1, rows[i].Length + 1))];
        }

        public SequenceScores ScoreStream(int[] tokens, TokenDetail detail, Precision? precision, Cancellation cancellation)
        {
            var scores = new SequenceScores(tokens.Length, detail);
            scorer.Read(tokens, tokens.Length, [scores], ref _state, cancellation);
            return scores;
        }

        public void Restart() => _state = null;

        public void Dispose() => Restart();
    }
}
