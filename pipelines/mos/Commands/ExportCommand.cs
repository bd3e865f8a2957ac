using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Export;
using Mos.Options;

namespace Mos.Commands;

/// <summary><c>mos export</c>: a model for other programs.</summary>
internal sealed class ExportCommand : MosCommand
{
    private readonly Option<string> _model = CommonOptions.ModelToRead();
    private readonly OnnxTarget _onnx = new();
    private readonly PythonTarget _python = new();

    public ExportCommand()
        : base(
            "export",
            "Writes a model for other programs. A file of ONNX is scored by ONNX Runtime alone, without libtorch. For Python: a folder in Hugging " +
            "Face's layout, with a module for PyTorch that loads it, scores and generates, and a model card.",
            "mos export --model ptb.zip --onnx ptb.onnx",
            "mos export --model ptb.zip --onnx ptb-8bit.onnx --eight-bit --license LICENSE",
            "mos export --model ptb.zip --python mos-ptb",
            "mos export --model ptb.zip --python mos-ptb --license-name mit --trained-on \"Penn Treebank\" --data ptb.test.txt.gz")
        => AddOptions([_model, .. _onnx.All, .. _python.All]);

    protected override int Run(Session session)
    {
        if (!_onnx.IsGiven(session) && !_python.IsGiven(session))
        {
            throw new UsageException("There is nothing to write: name a file by --onnx, or a folder by --python.");
        }

        MLContext ml = session.OpenContext(gpu: null);
        ITransformer model = ml.LanguageModeling.Load(session.Get(_model), out _);
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        if (_onnx.IsGiven(session))
        {
            _onnx.Write(session, ml, model);
        }

        if (_python.IsGiven(session))
        {
            _python.Write(session, ml, model);
        }

        return ExitCode.Done;
    }
}
