using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Log-likelihoods of token sequences under a network, dropout off, no distribution over the vocabulary built. Safe to call
/// from several threads; they take turns.
/// </summary>
internal sealed class SequenceScorer(LanguageModelNetwork network, int endOfSentence) : IDisposable
{
    // Places of a batch of rows, padding included, and time steps of one pass through the network: enough to keep the matrix
    // products large, little enough that memory does not depend on the length of rows.
    private const int PlacesPerBatch = 4096;
    private const int StepsPerPass = 256;

    private readonly MixtureCrossEntropy _loss = new();
    private readonly Lock _turn = new();

    /// <summary>
    /// Scores rows independently of each other: the first word is conditioned on the end-of-sentence mark, which is also the last
    /// word predicted. Element [i][t] is log P of word t of row i; its last element is that of the mark.
    /// </summary>
    public float[][] ScoreRows(IReadOnlyList<int[]> rows)
    {
        float[][] scores = new float[rows.Count][];
        int[] byLength = [.. Enumerable.Range(0, rows.Count).OrderByDescending(i => rows[i].Length)];
        for (int start = 0; start < byLength.Length;)
        {
            int steps = rows[byLength[start]].Length + 1;
            int count = Math.Min(Math.Max(1, PlacesPerBatch / steps), byLength.Length - start);
            ScoreBatch(rows, byLength.AsSpan(start, count), steps, scores);
            start += count;
        }

        return scores;
    }

    /// <summary>log P of the tokens of a stream, each given all before it; the state goes from one call to the next.</summary>
    public float[] ScoreStream(ReadOnlySpan<int> tokens, ref StreamPosition? position)
    {
        float[] scores = new float[tokens.Length];
        using var grid = new TokenGrid(tokens, position?.LastWord ?? endOfSentence, 1, tokens.Length, network.Device);
        RecurrentState state = position?.State ?? network.InitialState(1);
        Score(grid, ref state, scores);
        position = new(state, tokens.IsEmpty ? position?.LastWord ?? endOfSentence : tokens[^1]);
        return scores;
    }

    /// <summary>
    /// The mean negative log-likelihood (nats a token) of a stream read in B columns side by side: what validation reports. Each
    /// column after the first starts without the words before it.
    /// </summary>
    public double MeanLoss(ReadOnlySpan<int> tokens, int columns)
    {
        columns = Math.Min(columns, tokens.Length);
        int length = (tokens.Length + columns - 1) / columns;
        float[] scores = new float[length * columns];
        using var grid = new TokenGrid(tokens, endOfSentence, columns, length, network.Device);
        RecurrentState state = network.InitialState(columns);
        Score(grid, ref state, scores);
        state.Dispose();
        double sum = 0;
        for (int position = 0; position < tokens.Length; position++)
        {
            sum -= scores[(position % length * columns) + (position / length)];
        }

        return sum / tokens.Length;
    }

    public void Dispose() => _loss.Dispose();

    private void ScoreBatch(IReadOnlyList<int[]> rows, ReadOnlySpan<int> batch, int steps, float[][] scores)
    {
        // One column a row: its words, its mark, then padding, which comes too late to touch what is before it.
        int[] padded = new int[steps * batch.Length];
        Array.Fill(padded, endOfSentence);
        for (int b = 0; b < batch.Length; b++)
        {
            rows[batch[b]].CopyTo(padded, b * steps);
        }

        float[] all = new float[padded.Length];
        using var grid = new TokenGrid(padded, endOfSentence, batch.Length, steps, network.Device);
        RecurrentState state = network.InitialState(batch.Length);
        Score(grid, ref state, all);
        state.Dispose();
        for (int b = 0; b < batch.Length; b++)
        {
            float[] row = scores[batch[b]] = new float[rows[batch[b]].Length + 1];
            for (int t = 0; t < row.Length; t++)
            {
                row[t] = all[(t * batch.Length) + b];
            }
        }
    }

    /// <summary>Runs the grid through the network; <paramref name="scores"/> [L, B] takes log P of every target.</summary>
    private void Score(TokenGrid grid, ref RecurrentState state, float[] scores)
    {
        lock (_turn)
        {
            using IDisposable noGrad = no_grad();
            for (int start = 0; start < grid.Length; start += StepsPerPass)
            {
                using DisposeScope scope = NewDisposeScope();
                (Tensor words, Tensor targets) = grid.Window(start, Math.Min(StepsPerPass, grid.Length - start));
                LanguageModelNetwork.Encoding encoding = network.Encode(words, state, DropoutRates.None);
                Tensor logLikelihood = _loss.LogLikelihood(encoding.Mixture, network.Embedding, network.DecoderBias, targets);
                logLikelihood.to(ScalarType.Float32).cpu().data<float>().CopyTo(scores, start * grid.Columns);
                state.Dispose();
                state = encoding.Next.Detach();
            }
        }
    }

    /// <summary>Where a stream stands: what the network remembers, and the last word it has not read yet.</summary>
    public sealed record StreamPosition(RecurrentState State, int LastWord) : IDisposable
    {
        public void Dispose() => State.Dispose();
    }
}
