using Microsoft.ML.MixtureOfSoftmaxes.Interchange;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <content>Models that leave for other programs, and those of others that come in.</content>
public sealed partial class LanguageModelingCatalog
{
    /// <summary>
    /// Writes a model for Python, in the layout of Hugging Face: <c>config.json</c>, <c>model.safetensors</c>, <c>tokenizer.json</c>, a model
    /// card (<c>README.md</c>), and a module for PyTorch that loads them, scores and generates. An earlier export of that name stays whole
    /// until the new one is.
    /// </summary>
    /// <param name="model">A chain of a tokenizer of words or byte pairs of this library and a language model.</param>
    /// <param name="directory">The folder to write: one that is not there, an empty one, or an earlier export.</param>
    /// <param name="options">What the model card says of data and figures; null for what the model itself knows.</param>
    /// <exception cref="ArgumentException">There is no language model in it, or no such tokenizer.</exception>
    /// <exception cref="IOException">The folder holds something else, cannot be written, and the like.</exception>
    /// <example><code>ml.LanguageModeling.ExportToPython(model, "mos-ptb");</code></example>
    public void ExportToPython(ITransformer model, string directory, PythonExportOptions? options = null) =>
        PythonExport.Write(model, directory, options ?? new());
}
