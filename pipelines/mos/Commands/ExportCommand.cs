using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Options;

namespace Mos.Commands;

/// <summary><c>mos export</c>: a model for other programs.</summary>
internal sealed class ExportCommand : MosCommand
{
    private readonly Option<string> _model = CommonOptions.ModelToRead();
    private readonly Option<string?> _onnx = new("--onnx")
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
        Description = "A text file, which goes into the metadata as the license of the model. [default: none]",
        HelpName = "file",
    };

    public ExportCommand()
        : base(
            "export",
            "Writes a model for other programs. A file of ONNX is scored by ONNX Runtime alone, without libtorch.",
            "mos export --model ptb.zip --onnx ptb.onnx",
            "mos export --model ptb.zip --onnx ptb-8bit.onnx --eight-bit --license LICENSE")
    {
        AddOptions(_model, _onnx, _eightBit, _nextWords, _license);
    }

    protected override int Run(Session session)
    {
        string path = session.Get(_onnx) ?? throw new UsageException("There is nothing to write: name a file by --onnx.");
        string? license = session.Get(_license) is string file ? File.ReadAllText(file) : null;
        MLContext ml = session.OpenContext(null);
        ITransformer model = ml.LanguageModeling.Load(session.Get(_model), out _);
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        ml.LanguageModeling.ExportToOnnx(model, path, new()
        {
            Weights = session.Get(_eightBit) ? OnnxWeights.EightBit : OnnxWeights.Float32,
            IncludeNextWords = session.Get(_nextWords),
            License = license,
        });
        return ExitCode.Done;
    }
}
