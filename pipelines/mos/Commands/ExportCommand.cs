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
    private readonly PythonTarget _python = new();

    public ExportCommand()
        : base(
            "export",
            "Writes a model for other programs. For Python: a folder in Hugging Face's layout, with a module for PyTorch that loads it, scores and " +
            "generates, and a model card.",
            "mos export --model ptb.zip --python mos-ptb",
            "mos export --model ptb.zip --python mos-ptb --license-name mit --trained-on \"Penn Treebank\" --data ptb.test.txt.gz")
        => AddOptions([_model, .. _python.All]);

    protected override int Run(Session session)
    {
        if (!_python.IsGiven(session))
        {
            throw new UsageException("There is nothing to write: name a folder by --python.");
        }

        MLContext ml = session.OpenContext(gpu: null);
        ITransformer model = ml.LanguageModeling.Load(session.Get(_model), out _);
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        _python.Write(session, ml, model);
        return ExitCode.Done;
    }
}
