using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Export;

/// <summary>What <c>mos export --onnx</c> writes.</summary>
internal sealed class OnnxTarget
{
    private readonly Option<string?> _file = new("--onnx")
    {
        Description = "Write a model of ONNX, opset 17, with the vocabulary, the settings and the tokenizer in its metadata.",
        HelpName = "file.onnx",
    };

    private readonly Option<bool> _eightBit = new("--eight-bit")
    {
        Description = "With --onnx: weights in 8 bits, a quarter of the size. The perplexity changes a little.",
    };

    private readonly Option<bool> _nextWords = new("--next-words")
    {
        Description = "With --onnx: add the output 'next_log_probabilities', log P of every word to be the next after each row.",
    };

    private readonly Option<string?> _license = new("--license")
    {
        Description = "With --onnx: a text file, which goes into the metadata as the license of the model. [default: none]",
        HelpName = "file",
    };

    public IEnumerable<Option> All => [_file, _eightBit, _nextWords, _license];

    public bool IsGiven(Session session) => session.IsGiven(_file);

    public void Write(Session session, MLContext ml, ITransformer model) => ml.LanguageModeling.ExportToOnnx(model, session.Get(_file)!, new()
    {
        Weights = session.Get(_eightBit) ? OnnxWeights.EightBit : OnnxWeights.Float32,
        IncludeNextWords = session.Get(_nextWords),
        License = session.Get(_license) is string file ? File.ReadAllText(file) : null,
    });
}
