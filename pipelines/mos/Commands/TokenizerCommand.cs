using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Options;

namespace Mos.Commands;

/// <summary><c>mos tokenizer</c>: writes the tokenizer of a model as the files by which other programs know it.</summary>
internal sealed class TokenizerCommand : MosCommand
{
    private readonly Option<string> _model = CommonOptions.ModelToRead();
    private readonly Option<string> _output = new("--output")
    {
        Description = "The folder to write into; files of the same names are replaced.",
        HelpName = "folder",
        Required = true,
    };

    public TokenizerCommand()
        : base(
            "tokenizer",
            "Writes the tokenizer of a model: vocab.json and merges.txt of learnt byte pairs, or the files that it was made of. Words have " +
            "none.",
            "mos tokenizer --model pairs.zip --output tokenizer",
            "mos tokenizer --model sp.zip --output .")
    {
        AddOptions([_model, _output]);
    }

    protected override int Run(Session session)
    {
        MLContext ml = session.OpenContext(gpu: null);
        ITransformer model = ml.LanguageModeling.Load(session.Get(_model), out _);
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        foreach (string path in ml.LanguageModeling.GetTokenizerFiles(model).Save(session.Get(_output)))
        {
            session.Output.WriteLine(path);
        }

        return ExitCode.Done;
    }
}
