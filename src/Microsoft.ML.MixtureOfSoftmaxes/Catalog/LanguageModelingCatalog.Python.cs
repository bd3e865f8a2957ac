using Microsoft.ML.MixtureOfSoftmaxes.Interchange;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <content>Models that leave for Python, and those of Python that come in.</content>
public sealed partial class LanguageModelingCatalog
{
    /// <summary>
    /// Writes a model for Python, in the layout of Hugging Face: <c>config.json</c>, <c>model.safetensors</c>, <c>tokenizer.json</c> with its
    /// configuration, a model card (<c>README.md</c>), and a module for PyTorch that loads them, scores and generates. An earlier export of that
    /// name stays whole until the new one is.
    /// </summary>
    /// <param name="model">A chain of a tokenizer of words or byte pairs of this library and a language model.</param>
    /// <param name="directory">The folder to write: one that is not there, an empty one, or an earlier export.</param>
    /// <param name="options">What the model card says of data and figures; null for what the model itself knows.</param>
    /// <exception cref="ArgumentException">There is no language model in it, no such tokenizer, or the model adapts to what it reads.</exception>
    /// <exception cref="IOException">The folder holds something else, cannot be written, and the like.</exception>
    /// <example><code>ml.LanguageModeling.ExportToPython(model, "mos-ptb");</code></example>
    public void ExportToPython(ITransformer model, string directory, PythonExportOptions? options = null) =>
        PythonExport.Write(model, directory, options ?? new());

    /// <summary>
    /// Reads a model that <see cref="ExportToPython"/> wrote, also with weights that Python has trained further: the same sizes, tokenizer,
    /// columns and scoring options, and without change the same scores, bit for bit.
    /// </summary>
    /// <param name="directory">The folder with <c>config.json</c>, <c>model.safetensors</c> and <c>tokenizer.json</c>.</param>
    /// <returns>A chain of the tokenizer and the language model.</returns>
    /// <exception cref="FileNotFoundException">One of these files is not there.</exception>
    /// <exception cref="InvalidDataException">One of them is damaged or does not fit the others; the message names it.</exception>
    /// <example><code>ITransformer model = ml.LanguageModeling.ImportFromPython("mos-ptb");</code></example>
    public ITransformer ImportFromPython(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return PythonImport.Read(_context, directory);
    }

    /// <summary>
    /// Makes a model of the state dict of an AWD-LSTM-MoS or AWD-LSTM network as its authors published it: PyTorch's zip format
    /// (<c>torch.save(model.state_dict(), ...)</c>) or safetensors. No code in it is run, and what is no tensor is an error that names it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabularyPath">The words of the corpus that it was trained on, one a line, in the order of their ids.</param>
    /// <param name="options">Which words are the marks, and the columns; null for the defaults.</param>
    /// <returns>A chain of a word tokenizer and the language model.</returns>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no such state dict, a tensor is missing or of another shape, or the vocabulary is of another size.
    /// </exception>
    /// <example><code>ITransformer model = ml.LanguageModeling.ImportStateDict("mos.pt", "words.txt");</code></example>
    public ITransformer ImportStateDict(string path, string vocabularyPath, StateDictImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(vocabularyPath);
        return StateDictImport.Read(_context, path, vocabularyPath, options ?? new());
    }
}
