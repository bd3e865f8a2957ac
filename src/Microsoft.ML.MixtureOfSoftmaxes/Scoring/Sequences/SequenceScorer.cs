using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Scores of token sequences under a network, dropout off. Safe to call from several threads; they take turns.
/// </summary>
internal sealed class SequenceScorer(LanguageModelNetwork network, int endOfSentence) : ISequenceScorer
{
    // Time steps of one pass through the network: little enough that memory does not depend on the length of rows.
    private const int StepsPerPass = 256;

    private readonly PlaceScorer _places = new();

    /// <inheritdoc/>
    public SequenceScores[] ScoreRows(
        IReadOnlyList<int[]> rows, TokenDetail detail = default, Precision? precision = null, Cancellation cancellation = default)
    {
        var scores = new SequenceScores[rows.Count];
        foreach (RowBatch batch in RowBatch.Of(rows))
        {
            var all = new SequenceScores(batch.Steps * batch.Rows.Length, detail);
            var grid = new TokenGrid(batch.Pad(rows, endOfSentence), endOfSentence, batch.Rows.Length, batch.Steps, network.Device);
            using RecurrentState state = InitialState(grid.Columns);
            Score(grid, state, precision, all, cancellation);
            batch.Share(all, rows, scores);
        }

        return scores;
    }

    /// <summary>
    /// Scores rows that each continue a text of <paramref name="texts"/>: the first word is conditioned on that text, and the end-of-sentence
    /// mark is the last word predicted.
    /// </summary>
    /// <param name="texts">Where the texts stand; they stay as they are.</param>
    /// <param name="places">The text of each row.</param>
    /// <param name="rows">The words of each.</param>
    /// <param name="detail">What is wanted of each token.</param>
    /// <param name="precision">The precision of the products with the decoder.</param>
    /// <param name="cancellation">Checked before each pass through the network.</param>
    public SequenceScores[] ScoreContinuations(
        TextStates texts, IReadOnlyList<int> places, IReadOnlyList<int[]> rows, TokenDetail detail, Precision? precision,
        Cancellation cancellation)
    {
        var scores = new SequenceScores[rows.Count];
        foreach (RowBatch batch in RowBatch.Of(rows))
        {
            int columns = batch.Rows.Length;
            var all = new SequenceScores(batch.Steps * columns, detail);
            int[] padded = batch.Pad(rows, endOfSentence);
            using TextStates starts = texts.Select([.. batch.Rows.Select(row => places[row])]);
            starts.Predict(
                [.. Enumerable.Range(0, columns).Select(b => (ReadOnlyMemory<int>)padded.AsMemory(b * batch.Steps, batch.Steps))],
                (start, mixture, words_n) => _places.Score(network, mixture, words_n, all, start * columns), Resolve(precision),
                cancellation);
            batch.Share(all, rows, scores);
        }

        return scores;
    }

    /// <summary>Scores the tokens of a stream, each given all before it; the state goes from one call to the next.</summary>
    public SequenceScores ScoreStream(
        int[] tokens, ref StreamPosition? position, TokenDetail detail = default, Precision? precision = null,
        Cancellation cancellation = default)
    {
        var scores = new SequenceScores(tokens.Length, detail);
        position ??= new(InitialState(1), endOfSentence);
        var grid = new TokenGrid(tokens, position.LastWord, 1, tokens.Length, network.Device);
        Score(grid, position.State, precision, scores, cancellation);
        position = tokens.Length == 0 ? position : position with { LastWord = tokens[^1] };
        return scores;
    }

    /// <summary>
    /// The mean negative log-likelihood (nats per token) of a stream read in B columns side by side: what validation reports. Each
    /// column after the first starts without the words before it.
    /// </summary>
    /// <param name="tokens">The stream.</param>
    /// <param name="columns">B; fewer for a stream of fewer tokens.</param>
    /// <param name="precision">The precision of the products with the decoder.</param>
    /// <param name="cancellation">Checked before each pass through the network.</param>
    /// <param name="ranks">Which share the columns, each with the same stream.</param>
    public double MeanLoss(
        int[] tokens, int columns, Precision? precision = null, Cancellation cancellation = default, Ranks? ranks = null)
    {
        ranks ??= Ranks.Alone;
        columns = Math.Min(columns, tokens.Length);
        int length = (tokens.Length + columns - 1) / columns;
        (int first, int count) = ranks.Share(columns);
        int start = Math.Min(first * length, tokens.Length), end = Math.Min((first + count) * length, tokens.Length);
        double sum = ranks.Together(() => start == end
            ? 0
            : SumLoss(tokens[start..end], start == 0 ? endOfSentence : tokens[start - 1], length, precision, cancellation));
        return ranks.Sum(sum) / tokens.Length;
    }

    /// <summary>The sum of -log P over tokens in columns of a length, the last of which may be shorter.</summary>
    private double SumLoss(int[] tokens, int wordBefore, int length, Precision? precision, Cancellation cancellation)
    {
        int columns = (tokens.Length + length - 1) / length;
        var scores = new SequenceScores(length * columns, default);
        var grid = new TokenGrid(tokens, wordBefore, columns, length, network.Device);
        using RecurrentState state = InitialState(columns);
        Score(grid, state, precision, scores, cancellation);
        double sum = 0;
        for (int position = 0; position < tokens.Length; position++)
        {
            sum -= scores.LogLikelihoods[(position % length * columns) + (position / length)];
        }

        return sum;
    }

    /// <summary>Reads the contexts of continuations for <see cref="ScoreContinuations"/>.</summary>
    public ContextReader OpenContexts() => new(network, endOfSentence);

    public ISequenceReading Open() => new SequenceReading(this);

    public void Dispose() => _places.Dispose();

    /// <summary>Runs the grid [L, B] through the network; <paramref name="scores"/> takes those of every target, place t B + b.</summary>
    /// <param name="grid">What is read and predicted.</param>
    /// <param name="state">Where the columns go on; then that after the last step.</param>
    /// <param name="precision">The precision of the products with the decoder.</param>
    /// <param name="scores">L B places.</param>
    /// <param name="cancellation">Checked before each pass through the network.</param>
    private void Score(TokenGrid grid, RecurrentState state, Precision? precision, SequenceScores scores, Cancellation cancellation)
    {
        using IDisposable noGrad = no_grad();
        network.Read(
            grid, grid.Length, new(StepsPerPass), state,
            (start, encoding, targets) => _places.Score(network, encoding.Mixture, targets, scores, start * grid.Columns), Resolve(precision),
            cancellation);
    }

    private Precision Resolve(Precision? precision) => ComputeDevice.PrecisionOn(network.Device.type, precision);

    private RecurrentState InitialState(int columns)
    {
        using LanguageModelNetwork.Turn turn = network.TakeTurn();
        return network.InitialState(columns);
    }

    /// <summary>Where a stream stands: what the network remembers, and the last word it has not read yet.</summary>
    public sealed record StreamPosition(RecurrentState State, int LastWord) : IDisposable
    {
        public void Dispose() => State.Dispose();
    }
}
