using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx.Tests;

/// <summary>A model, and itself from a file of ONNX.</summary>
internal sealed class BothModels : IDisposable
{
    private readonly MLContext _ml = new();

    public BothModels(ITransformer libTorch, OnnxExportOptions? options = null)
    {
        LibTorch = libTorch;
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.onnx");
        _ml.LanguageModeling.ExportToOnnx(libTorch, path, options);
        Onnx = _ml.LanguageModeling.LoadOnnx(path, new() { ThreadCount = 1 });
    }

    public ITransformer LibTorch { get; }

    public TransformerChain<OnnxLanguageModelTransformer> Onnx { get; }

    public void Dispose()
    {
        Onnx.LastTransformer.Dispose();
        _ml.LanguageModeling.GetLanguageModel(LibTorch).Dispose();
    }
}
