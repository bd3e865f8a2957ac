using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>An exported network in ONNX Runtime. Safe to use from several threads, which compute at the same time.</summary>
internal sealed class OnnxNetworkSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ReaderWriterLockSlim _use = new();
    private bool _isDisposed;

    /// <exception cref="InvalidDataException">ONNX Runtime cannot use the file; the message says why.</exception>
    public OnnxNetworkSession(string path, OnnxScorerOptions options)
    {
        // It warns of each input that need not be given.
        using var settings = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        settings.IntraOpNumThreads = options.ThreadCount ?? 0;
        try
        {
            _session = new(path, settings);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"Cannot load '{path}' as a model of ONNX: {e.Message}", e);
        }
    }

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>One pass over B texts side by side.</summary>
    /// <param name="tokens_b_t">The tokens, row by row.</param>
    /// <param name="lengths_b">How many of each row there are.</param>
    /// <param name="state_b_s">Where the texts stand; null for their start.</param>
    /// <param name="topCount">How many of the likeliest tokens are wanted in the place of each, and ranks; 0 for none.</param>
    /// <exception cref="ObjectDisposedException">The model has been freed.</exception>
    public OnnxPass Run(long[] tokens_b_t, long[] lengths_b, float[]? state_b_s, int topCount)
    {
        _use.EnterReadLock();
        try
        {
            return _isDisposed
                ? throw new ObjectDisposedException("language model", "The language model has been disposed: load it again to use it.")
                : Compute(tokens_b_t, lengths_b, state_b_s, topCount);
        }
        finally
        {
            _use.ExitReadLock();
        }
    }

    /// <summary>Frees the model, after what is being computed.</summary>
    public void Dispose()
    {
        _use.EnterWriteLock();
        _isDisposed = true;
        _session.Dispose();
        _use.ExitWriteLock();
    }

    private OnnxPass Compute(long[] tokens_b_t, long[] lengths_b, float[]? state_b_s, int topCount)
    {
        int batch = lengths_b.Length, time = tokens_b_t.Length / batch;
        using var tokens = OrtValue.CreateTensorValueFromMemory(tokens_b_t, [batch, time]);
        using var lengths = OrtValue.CreateTensorValueFromMemory(lengths_b, [batch]);
        using var top = OrtValue.CreateTensorValueFromMemory(new long[] { topCount }, [1]);
        using OrtValue? state = state_b_s is null ? null : OrtValue.CreateTensorValueFromMemory(state_b_s, [batch, state_b_s.Length / batch]);
        string[] inputs = [OnnxNames.Tokens, OnnxNames.Lengths, OnnxNames.TopCount, .. state is null ? Array.Empty<string>() : [OnnxNames.State]];
        OrtValue[] values = [tokens, lengths, top, .. state is null ? Array.Empty<OrtValue>() : [state]];
        string[] details = [OnnxNames.Ranks, OnnxNames.TopTokens, OnnxNames.TopLogProbabilities];
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(
            run, inputs, values, [OnnxNames.LogLikelihoods, OnnxNames.NextState, .. topCount > 0 ? details : []]);
        return new(
            outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetTensorDataAsSpan<float>().ToArray(),
            topCount > 0 ? outputs[2].GetTensorDataAsSpan<long>().ToArray() : [],
            topCount > 0 ? outputs[3].GetTensorDataAsSpan<long>().ToArray() : [],
            topCount > 0 ? outputs[4].GetTensorDataAsSpan<float>().ToArray() : []);
    }
}
