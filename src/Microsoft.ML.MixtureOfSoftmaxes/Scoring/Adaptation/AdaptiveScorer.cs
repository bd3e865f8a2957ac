using System.Runtime.InteropServices;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Scores one text in pieces, in order, with a copy of the model that adapts after every segment of tokens to the gradient of their loss.
/// However the text is cut into pieces, the scores are the same.
/// </summary>
internal sealed class AdaptiveScorer : IDisposable
{
    private readonly LanguageModelNetwork _network;
    private readonly AdaptiveWeight[] _weights;
    private readonly int _segmentLength;
    private readonly MixtureCrossEntropy _loss = new();
    private readonly PlaceScorer _places = new();

    // The segment in work: its tokens so far, what the network remembered before it, and the word before it.
    private readonly List<int> _segment = [];
    private readonly RecurrentState _state;
    private int _wordBefore;

    public AdaptiveScorer(LanguageModelNetwork model, DynamicEvaluation adaptation, int endOfSentence)
    {
        _network = model.Copy();
        double normalizer = adaptation.Statistics.Normalizer;
        _weights =
        [
            .. _network.named_parameters().Select(
                p => new AdaptiveWeight(p.parameter, adaptation.Statistics.Roots[p.name], normalizer, adaptation.Options)),
        ];
        _segmentLength = adaptation.Options.SegmentLength;
        _state = _network.InitialState(1);
        _wordBefore = endOfSentence;
    }

    /// <summary>Scores the next tokens of the text.</summary>
    /// <exception cref="ArithmeticException">The weights have run away.</exception>
    public SequenceScores Score(ReadOnlySpan<int> tokens, TokenDetail detail, Cancellation cancellation = default)
    {
        var scores = new SequenceScores(tokens.Length, detail);
        for (int done = 0; done < tokens.Length;)
        {
            cancellation.ThrowIfRequested();
            int earlier = _segment.Count;
            int count = Math.Min(_segmentLength - earlier, tokens.Length - done);
            _segment.AddRange(tokens.Slice(done, count));
            DeviceErrors.Run(_network.Device, () => ReadSegment(earlier, scores, done));
            done += count;
        }

        return scores;
    }

    public void Dispose()
    {
        Array.ForEach(_weights, weight => weight.Dispose());
        _state.Dispose();
        _loss.Dispose();
        _places.Dispose();
        _network.Dispose();
    }

    /// <summary>Scores the tokens of the segment that are new, and adapts once it is whole.</summary>
    private void ReadSegment(int earlier, SequenceScores scores, int done)
    {
        using LanguageModelNetwork.Turn turn = _network.TakeTurn();
        using IDisposable grad = enable_grad();
        using DisposeScope scope = NewDisposeScope();
        var grid = new TokenGrid([.. _segment], _wordBefore, 1, _segment.Count, _network.Device);
        (Tensor words, Tensor targets) = grid.Window(0, _segment.Count);
        LanguageModelNetwork.Encoding encoding = _network.Encode(words, _state, DropoutRates.None);
        int count = _segment.Count - earlier;
        Mixture added = encoding.Mixture.Rows(earlier, count);
        _places.Score(_network, added, targets.narrow(0, earlier, count), scores, done);
        if (!float.IsFinite(scores.LogLikelihoods[done + count - 1]))
        {
            throw new ArithmeticException(
                "The weights have run away in dynamic evaluation. Lower LearningRate, raise Epsilon, or gather the statistics on more text.");
        }

        if (_segment.Count == _segmentLength)
        {
            _loss.Backward(encoding.Mixture, _network.Embedding, _network.DecoderBias, targets, scale: 1.0 / _segmentLength);
            Array.ForEach(_weights, weight => weight.Step());
            _state.Advance(encoding.Next);
            _wordBefore = _segment[^1];
            _segment.Clear();
        }
    }
}
