using Microsoft.ML.MixtureOfSoftmaxes.Onnx;

namespace Microsoft.ML.MixtureOfSoftmaxes;

public sealed partial class LanguageModelingCatalog
{
    /// <summary>
    /// Writes a language model as a model of ONNX, opset 17: from tokens and a state to log-likelihoods and the next state, with vocabulary,
    /// settings and tokenizer in its metadata. The file is written beside an older one and renamed.
    /// </summary>
    /// <param name="model">A language model, or a chain with one in it; the tokenizer before it goes into the file.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="options">In which numbers the weights stand, and what else is in the file; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no language model in it, it adapts to what it reads, or it is too large.</exception>
    /// <exception cref="IOException">The folder is missing, the disk is full, and the like.</exception>
    /// <example><code>ml.LanguageModeling.ExportToOnnx(model, "mos.onnx", new() { Weights = OnnxWeights.EightBit });</code></example>
    public void ExportToOnnx(ITransformer model, string path, OnnxExportOptions? options = null) =>
        OnnxExporter.Export(model, path, options ?? new());
}
