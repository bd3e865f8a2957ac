using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Where a text stands for a model: it reads on token by token, and says how probable each token is as the next. What a decoder of speech or
/// of a translation holds for each hypothesis. Tokens are positions in <see cref="LanguageModelTransformer.Words"/>.
/// </summary>
/// <remarks>
/// A state is for one thread at a time. Different states of one model, forks of each other too, can be used by several threads, which take
/// turns at the network. A state holds a few vectors of the network's sizes, and once it was asked the distribution; disposing it frees them,
/// and neither its forks nor the model. A state outlives its model only to be disposed.
/// </remarks>
public sealed class LanguageModelState : IDisposable
{
    private readonly LanguageModelTransformer _model;
    private readonly TextStates _text;
    private readonly double _skippedPrior;
    private float[]? _next_v;
    private bool _isDisposed;

    /// <param name="model">What it is a state of.</param>
    /// <param name="skippedPrior">The most that the priors of experts sum to that are left out of distributions.</param>
    internal LanguageModelState(LanguageModelTransformer model, double skippedPrior = 0)
        : this(model, TextStates.Start(model.Network, model.Vocabulary.EndOfSentenceIndex), null, skippedPrior)
    {
    }

    private LanguageModelState(LanguageModelTransformer model, TextStates text, float[]? next_v, double skippedPrior)
    {
        _skippedPrior = skippedPrior;
        _model = model;
        _text = text;
        _next_v = next_v;
    }

    /// <summary>The state after a context.</summary>
    internal static LanguageModelState Start(ITransformer model, string context, Cancellation cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        LanguageModelTransformer found = ModelChain.Find(model);
        int[] tokens = ModelChain.Prompts(model, found).Read(context);
        var state = new LanguageModelState(found);
        try
        {
            state.Read(tokens, cancellation);
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Reads on. The end-of-sentence mark is a token like others, after which another sentence begins.</summary>
    /// <param name="tokens">Any number of tokens; many at once are read faster than one by one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token; nothing has been read then.</exception>
    /// <exception cref="ObjectDisposedException">The state or its model is disposed.</exception>
    public void Advance(params ReadOnlySpan<int> tokens)
    {
        ThrowIfDisposed();
        foreach (int token in tokens)
        {
            ThrowIfNoToken(token, nameof(tokens));
        }

        Read(tokens.ToArray(), default);
    }

    /// <summary>log P that a token is the next, given all that was read, nats.</summary>
    /// <inheritdoc cref="NextDistribution"/>
    /// <param name="token">The token.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public float LogProbability(int token)
    {
        ThrowIfNoToken(token, nameof(token));
        return NextDistribution()[token];
    }

    /// <summary>
    /// log P of every token to be the next, nats, in the order of <see cref="LanguageModelTransformer.Words"/>; their exponentials sum to 1. It
    /// is computed at the first call, for <see cref="LogProbability"/> and later forks too, and does not change when the state reads on.
    /// </summary>
    /// <exception cref="ArithmeticException">A weight of the model is not a number.</exception>
    /// <exception cref="ObjectDisposedException">The state or its model is disposed.</exception>
    public ReadOnlySpan<float> NextDistribution()
    {
        ThrowIfDisposed();
        return _next_v ??= Compute();
    }

    /// <summary>Another state at the same place, which reads on independently. It costs no pass through the network and copies nothing.</summary>
    /// <exception cref="ObjectDisposedException">The state or its model is disposed.</exception>
    public LanguageModelState Fork()
    {
        ThrowIfDisposed();
        return new(_model, _text.Fork(), _next_v, _skippedPrior);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _text.Dispose();
    }

    /// <summary>Reads tokens of the model's own; cancelled, it stands somewhere among them.</summary>
    internal void Read(ReadOnlyMemory<int> tokens, Cancellation cancellation)
    {
        if (!tokens.IsEmpty)
        {
            _next_v = null;
            _text.Read([tokens], cancellation);
        }
    }

    private float[] Compute() => DeviceErrors.Run(_model.Network.Device, () =>
    {
        using DisposeScope scope = NewDisposeScope();
        return _text.NextLogProbabilities(_skippedPrior).to(ScalarType.Float32).cpu().data<float>().ToArray();
    });

    private void ThrowIfNoToken(int token, string parameter)
    {
        if (token < 0 || token >= _model.Words.Count)
        {
            throw new ArgumentOutOfRangeException(
                parameter, token, $"There is no such token: they are from 0 to {_model.Words.Count - 1}, the positions in the model's Words.");
        }
    }

    private void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _model.Network.ThrowIfDisposed();
    }
}
