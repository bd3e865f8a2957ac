using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Options;

namespace Mos.Commands;

/// <summary><c>mos import</c>: makes a model of what other programs wrote.</summary>
internal sealed class ImportCommand : MosCommand
{
    private static readonly StateDictImportOptions s_defaults = new();

    private readonly Option<string> _from = new("--from")
    {
        Description =
            "A folder that 'mos export --python' wrote; or the state dict of an AWD-LSTM-MoS or AWD-LSTM network by its authors' names, as " +
            "torch.save(model.state_dict(), ...) writes it or in safetensors.",
        HelpName = "path",
        Required = true,
    };

    private readonly Option<string> _model = new("--model")
    {
        Description = "The model to write.",
        HelpName = "file.zip",
        Required = true,
    };

    private readonly Option<string?> _vocabulary = new("--vocabulary")
    {
        Description = "For a state dict: the words of the corpus that it was trained on, one a line, in the order of their ids.",
        HelpName = "file",
    };

    private readonly Option<string> _unknownWord = Mark("--unknown-word", "unknown ones", s_defaults.UnknownWord);
    private readonly Option<string> _endOfSentence = Mark("--end-of-sentence", "the end of a sentence", s_defaults.EndOfSentence);

    public ImportCommand()
        : base(
            "import",
            "Makes a model of a folder for Python, or of a published checkpoint. No code in it is run, and the model is an ordinary one: it " +
            "scores, generates and adapts as others do.",
            "mos import --from mos-ptb --model ptb.zip",
            "mos import --from state.pt --vocabulary words.txt --model ptb.zip")
        => AddOptions([_from, _model, _vocabulary, _unknownWord, _endOfSentence]);

    protected override int Run(Session session)
    {
        string from = session.Get(_from);
        bool isFolder = Directory.Exists(from);
        Option[] ofStateDicts = [_vocabulary, _unknownWord, _endOfSentence];
        if (isFolder && ofStateDicts.FirstOrDefault(session.IsGiven) is Option option)
        {
            throw new UsageException($"{option.Name} is for a state dict, and '{from}' is a folder, which has its vocabulary.");
        }

        if (!isFolder && !session.IsGiven(_vocabulary))
        {
            throw new UsageException($"--vocabulary is needed: '{from}' is no folder, and a state dict has no words.");
        }

        MLContext ml = session.OpenContext(gpu: null);
        ITransformer model = isFolder
            ? ml.LanguageModeling.ImportFromPython(from)
            : ml.LanguageModeling.ImportStateDict(from, session.Get(_vocabulary)!, Checked(() => MarksOf(session)));
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        ml.LanguageModeling.Save(model, ml.LanguageModeling.LoadTextLines().Schema, session.Get(_model));
        session.WriteLine($"{languageModel.Head}, {languageModel.ParameterCount:N0} parameters, {languageModel.Words.Count:N0} words");
        return ExitCode.Done;
    }

    private StateDictImportOptions MarksOf(Session session)
    {
        var options = new StateDictImportOptions { UnknownWord = session.Get(_unknownWord), EndOfSentence = session.Get(_endOfSentence) };
        options.Validate();
        return options;
    }

    private static Option<string> Mark(string name, string meaning, string defaultValue) => new(name)
    {
        Description = $"For a state dict: the word of the vocabulary that stands for {meaning}.",
        HelpName = "word",
        DefaultValueFactory = _ => defaultValue,
    };
}
