using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Where B texts stand that are read side by side: what the network remembers after the last word of each, from which it predicts the next.
/// The one way in which text is read bit by bit: states that users hold, generation, and continuations of a context stand on it. For one
/// thread at a time; several may be of one network, and take turns at it.
/// </summary>
internal sealed class TextStates : IDisposable
{
    // Bounds the memory that long texts and many of them take.
    private const int StepsPerPass = 256;
    private const int PlacesPerPass = 4096;

    private readonly LanguageModelNetwork _network;
    private RecurrentState _state;

    private TextStates(LanguageModelNetwork network, RecurrentState state)
    {
        _network = network;
        _state = state;
    }

    /// <summary>What the network remembers; it stays with the texts.</summary>
    public RecurrentState State => _state;

    /// <summary>One text before its first word, of which only the end-of-sentence mark before it has been read.</summary>
    public static TextStates Start(LanguageModelNetwork network, int endOfSentence)
    {
        var start = new TextStates(network, Zero());
        start.Read([new[] { endOfSentence }]);
        return start;

        RecurrentState Zero()
        {
            using LanguageModelNetwork.Turn turn = network.TakeTurn();
            return network.InitialState(1);
        }
    }

    /// <summary>B texts of <paramref name="texts"/> in a row.</summary>
    public static TextStates Join(IReadOnlyList<TextStates> texts) =>
        new(texts[0]._network, DeviceErrors.Run(texts[0]._network.Device, () => RecurrentState.Join([.. texts.Select(text => text._state)])));

    /// <summary>Some of the texts, in the order given and as often as given, to be read on independently.</summary>
    public TextStates Select(params int[] columns) => new(_network, StatesOf(columns));

    /// <summary>Goes on with some of the texts, in the order given and as often as given.</summary>
    public void Keep(params int[] columns)
    {
        RecurrentState before = _state;
        _state = StatesOf(columns);
        before.Dispose();
    }

    /// <summary>The same texts, to be read on independently. Nothing is copied.</summary>
    public TextStates Fork() => new(_network, _state.Share());

    /// <summary>Reads the next words of each text, as many of each.</summary>
    public void Read(IReadOnlyList<ReadOnlyMemory<int>> words, Cancellation cancellation = default)
    {
        ForEachPass(words, (_, pass_t_b) => _state.Advance(_network.Remember(pass_t_b, _state)), cancellation);
    }

    /// <summary>log P of each word of the vocabulary to be the next of each text, [B, V].</summary>
    /// <param name="skippedPrior">The most that the priors of experts sum to that are left out.</param>
    /// <exception cref="ArithmeticException">A weight of the model is not a number.</exception>
    public Tensor NextLogProbabilities(double skippedPrior = 0) => DeviceErrors.Run(_network.Device, () =>
    {
        using LanguageModelNetwork.Turn turn = _network.TakeTurn();
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Mixture next = LikelyExperts.Of(_network.Next(_state), skippedPrior);
        Tensor logP_b_v = MixtureDistribution.LogProbabilities(next, _network.Embedding, _network.DecoderBias);
        return logP_b_v.isnan().any().item<bool>()
            ? throw new ArithmeticException(
                "The model gives words probabilities that are not numbers: its weights are damaged, or training diverged.")
            : scope.MoveToOuter(logP_b_v);
    });

    /// <summary>Predicts the next words of each text, as many of each, and reads them.</summary>
    /// <param name="words">The words, B texts.</param>
    /// <param name="visit">Takes the first time step of a pass, the mixtures that predict its words, and the words [N].</param>
    /// <param name="precision">The precision of the products with the decoder.</param>
    /// <param name="cancellation">Checked before each pass.</param>
    public void Predict(
        IReadOnlyList<ReadOnlyMemory<int>> words, Action<int, Mixture, Tensor> visit, Precision precision, Cancellation cancellation)
    {
        ForEachPass(words, Step, cancellation, precision);

        void Step(int start, Tensor pass_t_b)
        {
            (Mixture mixture, RecurrentState next) = _network.Predict(pass_t_b, _state, precision);
            visit(start, mixture, pass_t_b.flatten());
            _state.Advance(next);
        }
    }

    public void Dispose() => _state.Dispose();

    /// <summary>Where memory runs out a pass takes half as many steps.</summary>
    private void ForEachPass(
        IReadOnlyList<ReadOnlyMemory<int>> words, Action<int, Tensor> step, Cancellation cancellation, Precision precision = Precision.Float32) =>
        DeviceErrors.Run(_network.Device, () =>
        {
            using Tensor words_t_b = Lay(words);
            new ChunkedPass(Math.Clamp(PlacesPerPass / Math.Max(1, _state.Columns), 1, StepsPerPass)).Run(words_t_b.shape[0], (start, steps) =>
            {
                cancellation.ThrowIfRequested();
                using LanguageModelNetwork.Turn turn = _network.TakeTurn(precision);
                using IDisposable noGrad = no_grad();
                using DisposeScope scope = NewDisposeScope();
                step((int)start, words_t_b.narrow(0, start, steps));
            });
        });

    private RecurrentState StatesOf(int[] columns) => DeviceErrors.Run(_network.Device, () =>
    {
        using Tensor columns_b = Ids(columns, columns.Length);
        return _state.Select(columns_b);
    });

    /// <summary>Words by time step, [T, B].</summary>
    private Tensor Lay(IReadOnlyList<ReadOnlyMemory<int>> words)
    {
        int length = words[0].Length;
        int[] byStep = new int[length * words.Count];
        for (int b = 0; b < words.Count; b++)
        {
            ReadOnlySpan<int> column = words[b].Span;
            for (int t = 0; t < length; t++)
            {
                byStep[(t * words.Count) + b] = column[t];
            }
        }

        return Ids(byStep, length, words.Count);
    }

    private Tensor Ids(ReadOnlySpan<int> ids, params long[] shape)
    {
        long[] wide = new long[ids.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = ids[i];
        }

        return tensor(wide, shape, device: _network.Device);
    }
}
