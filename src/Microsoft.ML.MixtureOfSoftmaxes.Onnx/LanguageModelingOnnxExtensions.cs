using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Onnx;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Language models in ONNX, from <c>mlContext.LanguageModeling</c>.</summary>
public static class LanguageModelingOnnxExtensions
{
    extension(LanguageModelingCatalog catalog)
    {
        /// <summary>
        /// Loads a language model in ONNX, as <see cref="LanguageModelingCatalog.ExportToOnnx"/> wrote it, to be computed by ONNX Runtime on the
        /// CPU. <c>Score</c>, <c>ChangeScoring</c>, <c>AddContextColumn</c> and <c>Transform</c> work as with the model it was exported from.
        /// </summary>
        /// <param name="path">The file.</param>
        /// <param name="options">How ONNX Runtime computes; null for the defaults.</param>
        /// <returns>
        /// From the text column of the model's tokenizer to scores; where the file has no tokenizer, from the token column. Disposing the
        /// <see cref="OnnxLanguageModelTransformer"/>, the last of the chain, frees the model.
        /// </returns>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="InvalidDataException">ONNX Runtime cannot use it, or it is no language model of this library.</exception>
        /// <example><code>ITransformer model = ml.LanguageModeling.LoadOnnx("mos.onnx");</code></example>
        public TransformerChain<OnnxLanguageModelTransformer> LoadOnnx(string path, OnnxScorerOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            return OnnxModelFile.Load(catalog.Context, path, options ?? new());
        }
    }
}
