using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx.Tests;

/// <summary>A model in a file of ONNX, run by ONNX Runtime as any application does.</summary>
internal sealed class Session(string path) : IDisposable
{
    // It warns of each input that need not be given.
    private readonly InferenceSession _session = new(path, new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR });

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>The outputs by name, each as a flat array.</summary>
    /// <param name="tokens">Rows as long as the longest; shorter ones are filled up by token 0.</param>
    /// <param name="others">Other inputs than tokens and lengths, each with its shape.</param>
    public Dictionary<string, Array> Run(int[][] tokens, params (string Name, Array Values, int[] Shape)[] others)
    {
        int time = tokens.Max(row => row.Length);
        long[] ids = [.. tokens.SelectMany(row => row.Select(token => (long)token).Concat(Enumerable.Repeat(0L, time - row.Length)))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = _session.Run(
        [
            NamedOnnxValue.CreateFromTensor("tokens", new DenseTensor<long>(ids, [tokens.Length, time])),
            NamedOnnxValue.CreateFromTensor("lengths", new DenseTensor<long>(tokens.Select(row => (long)row.Length).ToArray(), [tokens.Length])),
            .. others.Select(input => input.Values is float[] floats
                ? NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(floats, input.Shape))
                : NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<long>((long[])input.Values, input.Shape))),
        ]);
        return results.ToDictionary(
            result => result.Name, result => result.ElementType == TensorElementType.Float
                ? (Array)result.AsTensor<float>().ToArray()
                : result.AsTensor<long>().ToArray());
    }

    public void Dispose() => _session.Dispose();
}
