using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Scores of token sequences under a model, whatever computes them. Safe to call from several threads.</summary>
internal interface ISequenceScorer : IDisposable
{
    /// <summary>
    /// Scores rows independently of each other: the first word is conditioned on the end-of-sentence mark, which is also the last
    /// word predicted: a row of T words has T + 1 places.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="detail">What is asked for beside log-likelihoods.</param>
    /// <param name="precision">Of the products with the decoder; null for that of the device.</param>
    /// <param name="cancellation">Checked before each pass.</param>
    SequenceScores[] ScoreRows(IReadOnlyList<int[]> rows, TokenDetail detail, Precision? precision, Cancellation cancellation);

    /// <summary>Scores batch after batch of what goes on.</summary>
    ISequenceReading Open();
}

/// <summary>A reading of texts that go on from batch to batch. For one thread at a time.</summary>
internal interface ISequenceReading : IDisposable
{
    /// <summary>
    /// Scores rows that each continue a context, read after an end of sentence: the first word is conditioned on it, and the end-of-sentence mark
    /// is the last word predicted.
    /// </summary>
    SequenceScores[] ScoreContinuations(
        IReadOnlyList<int[]> contexts, IReadOnlyList<int[]> rows, TokenDetail detail, Precision? precision, Cancellation cancellation);

    /// <summary>Scores the next tokens of a stream, each given all before it; the first one after an end of sentence.</summary>
    SequenceScores ScoreStream(int[] tokens, TokenDetail detail, Precision? precision, Cancellation cancellation);

    /// <summary>The stream begins anew.</summary>
    void Restart();
}
