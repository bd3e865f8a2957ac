using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// The whole network: embedding, encoder, head, and the decoder, whose weights are the embedding's. One parameter serves both,
/// used functionally.
/// </summary>
internal sealed class LanguageModelNetwork : nn.Module
{
    private const double InitialRange = 0.1;

    private readonly Lock _turn = new();

    [ComponentName(Name = "encoder")]
    private readonly RecurrentEncoder _encoder;

    [ComponentName(Name = "head")]
    private readonly Head _head;

    /// <summary>Creates and initialises every parameter on <paramref name="device"/> from its current random state.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="useKernels">Whether kernels are used where there are some; otherwise libtorch's operators everywhere.</param>
    public LanguageModelNetwork(NetworkShape shape, Device device, bool useKernels = true) : base(nameof(LanguageModelNetwork))
    {
        Shape = shape;
        Device = device;
        using DisposeScope scope = NewDisposeScope();
        Embedding = new Parameter(nn.init.uniform_(empty(shape.VocabularySize, shape.EmbeddingSize, device: device), -InitialRange, InitialRange));
        DecoderBias = new Parameter(zeros(shape.VocabularySize, device: device));
        _encoder = new RecurrentEncoder(shape, device, useKernels);
        _head = Head.Create(shape, device);
        RegisterComponents();
        scope.Detach([.. parameters()]);
    }

    public NetworkShape Shape { get; }

    public Device Device { get; }

    /// <summary>w[x], [V, d]: both the embedding and the decoder.</summary>
    [field: ComponentName(Name = "embedding")]
    public Parameter Embedding { get; }

    /// <summary>b[x], [V].</summary>
    [field: ComponentName(Name = "decoder_bias")]
    public Parameter DecoderBias { get; }

    /// <summary>
    /// The network for the use of one thread until the scope ends: others wait, and it is not freed meanwhile; and on a GPU libtorch multiplies in
    /// the precision asked for. Whatever computes does so within a turn.
    /// </summary>
    /// <param name="precision">The precision of what is computed.</param>
    /// <exception cref="ObjectDisposedException">The network has been freed.</exception>
    public Turn TakeTurn(Precision precision = Precision.Float32)
    {
        Lock.Scope turn = _turn.EnterScope();
        if (Embedding.IsInvalid)
        {
            turn.Dispose();
        }

        ThrowIfDisposed();
        return new(turn, Device.type == DeviceType.CUDA ? TensorFloat32.Set(precision != Precision.Float32) : default);
    }

    /// <exception cref="ObjectDisposedException">The network has been freed.</exception>
    public void ThrowIfDisposed()
    {
        if (Embedding.IsInvalid)
        {
            throw new ObjectDisposedException("language model", "The language model has been disposed: load it again to use it.");
        }
    }

    /// <summary>The start of a text, for B columns.</summary>
    public RecurrentState InitialState(long batch) =>
        DeviceErrors.Run(Device, () => RecurrentState.Zero(Shape, batch, Device, Embedding.dtype));

    /// <summary>Words [T, B] to the mixtures of the N = T B next words.</summary>
    public Encoding Encode(Tensor words_t_b, RecurrentState state, DropoutRates rates, Precision precision = Precision.Float32)
    {
        Tensor embedded_t_b_d = Dropout.Embed(Embedding, words_t_b, rates.At(DropoutSite.Word));
        (Tensor raw, Tensor dropped, Tensor contexts, RecurrentState next) = _encoder.Encode(embedded_t_b_d, state, rates, precision);
        return new(raw, dropped, _head.Mix(contexts, rates.At(DropoutSite.Latent)) with { Precision = precision }, next);
    }

    /// <summary>Words [T, B] to the state after them alone; for a text that is read and not predicted. Dropout is off.</summary>
    public RecurrentState Remember(Tensor words_t_b, RecurrentState state) => Encode(words_t_b, state, Precision.Float32).Next;

    /// <summary>The mixtures of the B next words after a state; the hidden states that the head reads are the context. Dropout is off.</summary>
    public Mixture Next(RecurrentState state) => _head.Mix(Context(state), Drop.None);

    /// <summary>Words [T, B] to the mixtures that predict these very words, T B of them, and to the state after them. Dropout is off.</summary>
    public (Mixture Mixture, RecurrentState Next) Predict(Tensor words_t_b, RecurrentState state, Precision precision)
    {
        (Tensor g_t_b_h, RecurrentState next) = Encode(words_t_b, state, precision);
        Tensor before_t_b_h = cat([Context(state), g_t_b_h.narrow(0, 0, words_t_b.shape[0] - 1)]);
        return (_head.Mix(before_t_b_h, Drop.None) with { Precision = precision }, next);
    }

    /// <summary>Reads a grid from its start, pass by pass, with dropout off.</summary>
    /// <remarks>A pass that runs out of memory is tried again with half its steps, unless its visit has said that it adds.</remarks>
    /// <param name="grid">The words; the targets are handed on.</param>
    /// <param name="length">Time steps to read.</param>
    /// <param name="pass">Time steps of a pass; what a pass makes is freed at its end, and others may take a turn then.</param>
    /// <param name="state">What the network remembers of each column: it is advanced past what was read.</param>
    /// <param name="visit">Takes the first time step of a pass, its encoding and its targets [N].</param>
    /// <param name="precision">The precision of the products with the decoder.</param>
    /// <param name="cancellation">Checked before each pass.</param>
    /// <exception cref="InsufficientMemoryException">There is not even memory for a pass of one time step.</exception>
    /// <exception cref="GpuFailureException">The GPU failed.</exception>
    public void Read(
        TokenGrid grid, int length, ChunkedPass pass, RecurrentState state, Action<int, Encoding, Tensor> visit,
        Precision precision = Precision.Float32, Cancellation cancellation = default)
    {
        DeviceErrors.Run(Device, () => pass.Run(length, Step));

        void Step(long start, long count)
        {
            cancellation.ThrowIfRequested();
            using Turn turn = TakeTurn(precision);
            using DisposeScope scope = NewDisposeScope();
            (Tensor words, Tensor targets) = grid.Window((int)start, (int)count);
            Encoding encoding = Encode(words, state, DropoutRates.None, precision);
            visit((int)start, encoding, targets);
            state.Advance(encoding.Next);
        }
    }

    /// <summary>A copy of every parameter by name, owned by the caller whatever scope is open.</summary>
    public Dictionary<string, Tensor> CopyWeights()
    {
        using DisposeScope scope = NewDisposeScope();
        return state_dict().ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>Another network of the same shape, device and weights.</summary>
    public LanguageModelNetwork Copy() => DeviceErrors.Run(Device, () =>
    {
        using Turn turn = TakeTurn();
        using DisposeScope scope = NewDisposeScope();
        var copy = new LanguageModelNetwork(Shape, Device);
        copy.load_state_dict(state_dict());
        return copy;
    });

    /// <summary>Whether every parameter is a number and finite.</summary>
    public bool IsFinite
    {
        get
        {
            using IDisposable noGrad = no_grad();
            using DisposeScope scope = NewDisposeScope();
            return parameters().All(parameter => parameter.isfinite().all().item<bool>());
        }
    }

    /// <summary>Drops recurrent weights for one training pass, until disposed.</summary>
    public IDisposable DropWeights(DropoutRates rates) => _encoder.DropWeights(rates);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_turn)
        {
            // By the finalizer too, for few dispose their transformers: TorchSharp's own finalizers free tensors, but not what native
            // modules such as the LSTM hold.
            base.Dispose(disposing: true);
        }
    }

    private (Tensor Contexts, RecurrentState Next) Encode(Tensor words_t_b, RecurrentState state, Precision precision)
    {
        Tensor embedded_t_b_d = Dropout.Embed(Embedding, words_t_b, Drop.None);
        (_, _, Tensor contexts, RecurrentState next) = _encoder.Encode(embedded_t_b_d, state, DropoutRates.None, precision);
        return (contexts, next);
    }

    /// <summary>The context after the last word of each column, [1, B, <see cref="NetworkShape.ContextSize"/>].</summary>
    private Tensor Context(RecurrentState state) =>
        cat([.. Enumerable.Range(Shape.FirstContextLayer, Shape.LowerLayers + 1).Select(state.Hidden)], 2);

    /// <summary>The use of a network by one thread.</summary>
    public ref struct Turn(Lock.Scope turn, TensorFloat32.Use switches)
    {
        private Lock.Scope _turn = turn;
        private TensorFloat32.Use _switches = switches;

        public void Dispose()
        {
            _switches.Dispose();
            _turn.Dispose();
        }
    }

    /// <param name="Raw">g before output dropout, [T, B, H].</param>
    /// <param name="Dropped">g after output dropout.</param>
    /// <param name="Mixture">What the decoder needs.</param>
    /// <param name="Next">The state after the last word, in the graph.</param>
    public readonly record struct Encoding(Tensor Raw, Tensor Dropped, Mixture Mixture, RecurrentState Next);
}
