using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Scores of token sequences under a network, dropout off. Safe to call from several threads; they take turns.
/// </summary>
internal sealed class SequenceScorer(LanguageModelNetwork network, int endOfSentence) : IDisposable
{
    // Places of a batch of rows, padding included, and time steps of one pass through the network: enough to keep the matrix
    // products large, little enough that memory does not depend on the length of rows.
    private const int PlacesPerBatch = 4096;
    private const int StepsPerPass = 256;

    private readonly PlaceScorer _places = new();

    /// <summary>
    /// Scores rows independently of each other: the first word is conditioned on the end-of-sentence mark, which is also the last
    /// word predicted: a row of T words has T + 1 places.
    /// </summary>
    public SequenceScores[] ScoreRows(
        IReadOnlyList<int[]> rows, TokenDetail detail = default, Precision precision = Precision.Float32, Cancellation cancellation = default)
    {
        var scores = new SequenceScores[rows.Count];
        int[] byLength = [.. Enumerable.Range(0, rows.Count).OrderByDescending(i => rows[i].Length)];
        for (int start = 0; start < byLength.Length;)
        {
            int steps = rows[byLength[start]].Length + 1;
            int count = Math.Min(Math.Max(1, PlacesPerBatch / steps), byLength.Length - start);
            ScoreBatch(rows, byLength.AsSpan(start, count), steps, detail, precision, scores, cancellation);
            start += count;
        }

        return scores;
    }

    /// <summary>Scores the tokens of a stream, each given all before it; the state goes from one call to the next.</summary>
    public SequenceScores ScoreStream(
        ReadOnlySpan<int> tokens, ref StreamPosition? position, TokenDetail detail = default, Precision precision = Precision.Float32,
        Cancellation cancellation = default)
    {
        var scores = new SequenceScores(tokens.Length, detail);
        position ??= new(InitialState(1), endOfSentence);
        using var grid = new TokenGrid(tokens, position.LastWord, 1, tokens.Length, network.Device);
        Score(grid, position.State, precision, scores, cancellation);
        position = tokens.IsEmpty ? position : position with { LastWord = tokens[^1] };
        return scores;
    }

    /// <summary>
    /// The mean negative log-likelihood (nats per token) of a stream read in B columns side by side: what validation reports. Each
    /// column after the first starts without the words before it.
    /// </summary>
    public double MeanLoss(
        ReadOnlySpan<int> tokens, int columns, Precision precision = Precision.Float32, Cancellation cancellation = default)
    {
        columns = Math.Min(columns, tokens.Length);
        int length = (tokens.Length + columns - 1) / columns;
        var scores = new SequenceScores(length * columns, default);
        using var grid = new TokenGrid(tokens, endOfSentence, columns, length, network.Device);
        using RecurrentState state = InitialState(columns);
        Score(grid, state, precision, scores, cancellation);
        double sum = 0;
        for (int position = 0; position < tokens.Length; position++)
        {
            sum -= scores.LogLikelihoods[(position % length * columns) + (position / length)];
        }

        return sum / tokens.Length;
    }

    public void Dispose() => _places.Dispose();

    private void ScoreBatch(
        IReadOnlyList<int[]> rows, ReadOnlySpan<int> batch, int steps, TokenDetail detail, Precision precision, SequenceScores[] scores,
        Cancellation cancellation)
    {
        // One column per row: its words, its mark, then padding, which comes too late to touch what is before it.
        int[] padded = new int[steps * batch.Length];
        Array.Fill(padded, endOfSentence);
        for (int b = 0; b < batch.Length; b++)
        {
            rows[batch[b]].CopyTo(padded, b * steps);
        }

        var all = new SequenceScores(padded.Length, detail);
        using var grid = new TokenGrid(padded, endOfSentence, batch.Length, steps, network.Device);
        using RecurrentState state = InitialState(grid.Columns);
        Score(grid, state, precision, all, cancellation);
        for (int b = 0; b < batch.Length; b++)
        {
            scores[batch[b]] = all.Pick(b, batch.Length, rows[batch[b]].Length + 1);
        }
    }

    /// <summary>Runs the grid [L, B] through the network; <paramref name="scores"/> takes those of every target, place t B + b.</summary>
    /// <param name="grid">What is read and predicted.</param>
    /// <param name="state">Where the columns go on; then that after the last step.</param>
    /// <param name="precision">The precision of the products with the decoder.</param>
    /// <param name="scores">L B places.</param>
    /// <param name="cancellation">Checked before each pass through the network.</param>
    private void Score(TokenGrid grid, RecurrentState state, Precision precision, SequenceScores scores, Cancellation cancellation)
    {
        using IDisposable noGrad = no_grad();
        network.Read(
            grid, grid.Length, StepsPerPass, state,
            (start, encoding, targets) => _places.Score(network, encoding.Mixture, targets, scores, start * grid.Columns), precision,
            cancellation);
    }

    private RecurrentState InitialState(int columns)
    {
        using Lock.Scope turn = network.TakeTurn();
        return network.InitialState(columns);
    }

    /// <summary>Where a stream stands: what the network remembers, and the last word it has not read yet.</summary>
    public sealed record StreamPosition(RecurrentState State, int LastWord) : IDisposable
    {
        public void Dispose() => State.Dispose();
    }
}
