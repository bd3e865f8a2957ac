using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>What is remembered between batches: where a stream stands, and the contexts of continuations.</summary>
internal sealed class SequenceReading(SequenceScorer scorer) : ISequenceReading
{
    private readonly ContextReader _contexts = scorer.OpenContexts();
    private SequenceScorer.StreamPosition? _position;

    public SequenceScores[] ScoreContinuations(
        IReadOnlyList<int[]> contexts, IReadOnlyList<int[]> rows, TokenDetail detail, Precision? precision, Cancellation cancellation)
    {
        (TextStates states, int[] places) = _contexts.Read(contexts, cancellation);
        return scorer.ScoreContinuations(states, places, rows, detail, precision, cancellation);
    }

    public SequenceScores ScoreStream(int[] tokens, TokenDetail detail, Precision? precision, Cancellation cancellation) =>
        scorer.ScoreStream(tokens, ref _position, detail, precision, cancellation);

    public void Restart()
    {
        _position?.Dispose();
        _position = null;
    }

    public void Dispose()
    {
        Restart();
        _contexts.Dispose();
    }
}
