using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Display;
using Mos.Input;
using Mos.Options;
using Settings = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Commands;

/// <summary><c>mos train</c>: fits a tokenizer and a language model to text, and saves both as one model.</summary>
internal sealed class TrainCommand : MosCommand
{
    private const string TokensColumn = "Tokens";

    private readonly Option<string[]> _train = CommonOptions.TextFiles(
        "--train", "The text to train on, files in reading order.", isRequired: true);

    private readonly Option<string[]> _valid = CommonOptions.TextFiles(
        "--valid", "Validation text: decides which epoch's weights are kept and when the learning rate falls.");

    private readonly Option<string> _model = new("--model")
    {
        Description = "The model to write; it replaces an older one only when complete.",
        HelpName = "file.zip",
        Required = true,
    };

    private readonly Option<string> _preset = ScalarValue.CreateChoice(
        "--preset", Preset.All[0].Name, Preset.All.Select(p => p.Name));

    private readonly Option<int> _seed = CommonOptions.Integer(
        "--seed", 1, "The seed of all random numbers: the same seed, data and machine give the same model.");

    private readonly Option<int?> _device = CommonOptions.Device();
    private readonly TokenizerOptions _tokenizer = new();

    private readonly PropertyOptions<Settings> _trainer = new(new Dictionary<string, string>
    {
        [nameof(Settings.MaximumEpochs)] = "--epochs",
        [nameof(Settings.MaximumTokens)] = "--max-tokens",
        [nameof(Settings.CheckpointFolder)] = "--checkpoints",
    });

    private readonly Option<bool> _json = CommonOptions.Json();

    public TrainCommand()
        : base(
            "train",
            "Trains a language model on text. Ctrl-C ends training at the next step and saves the best model so far.",
            "mos train --train ptb.train.txt.gz --valid ptb.valid.txt.gz --model ptb.zip",
            "mos train --train a.txt b.txt --valid c.txt --model small.zip --head softmax --embedding-size 64 --epochs 5",
            "mos train --train a.txt --valid c.txt --model pairs.zip --tokenizer bpe --vocabulary-size 4000",
            "mos train --train ptb.train.txt.gz --valid ptb.valid.txt.gz --model ptb.zip --preset ptb --device cuda:0 --json")
    {
        _preset.Description = "Settings to start from; options given explicitly override them. " +
            string.Join("; ", Preset.All.Select(p => $"{p.Name}: {p.Description}")) + ".";
        AddOptions([_train, _valid, _model, _preset, _seed, _device, _json, .. _tokenizer.All, .. _trainer.All]);
    }

    protected override int Run(Session session)
    {
        Settings settings = Preset.Find(session.Get(_preset)).Create();
        _trainer.Apply(session, settings);
        MLContext ml = session.OpenContext(session.Get(_device), session.Get(_seed));
        IEstimator<ITransformer> tokenizer = Checked(() => _tokenizer.Create(session, ml, TokensColumn, settings));

        // Check the options before reading any text. Some depend on whether there is validation data, so stand in for it.
        settings.ValidationSet = session.IsGiven(_valid) ? ml.Data.LoadFromEnumerable(Array.Empty<TextLine>()) : null;
        Checked(() => ml.LanguageModeling.Trainers.MixtureOfSoftmaxes(TokensColumn, settings));
        IDataView train = TextFiles.Load(ml, session.Get(_train));
        IDataView? valid = session.IsGiven(_valid) ? TextFiles.Load(ml, session.Get(_valid)) : null;
        string path = session.Get(_model);
        AtomicFile.Prepare(path);

        using var interrupt = new Interrupt(session, "ending at the next step; a second Ctrl-C ends at once, without saving.");
        settings.CancellationToken = interrupt.Token;
        TrainingRecord? record = null;
        using TransformerChain<LanguageModelTransformer> model = TrainingDisplay.Show(session, display =>
        {
            settings.Progress = record = new TrainingRecord(display);
            ITransformer tokens = tokenizer.Fit(train);
            settings.ValidationSet = valid is null ? null : tokens.Transform(valid);
            MixtureOfSoftmaxesTrainer trainer = ml.LanguageModeling.Trainers.MixtureOfSoftmaxes(TokensColumn, settings);
            return tokens.Append(trainer.Fit(tokens.Transform(train)));
        });
        if (record?.Latest is not TrainingProgress end)
        {
            throw new OperationCanceledException();
        }

        ml.LanguageModeling.Save(model, train.Schema, path);
        Report(session, ml.LanguageModeling.GetLanguageModel(model), end, record.BestValidationPerplexity);
        if (!interrupt.Token.IsCancellationRequested)
        {
            return ExitCode.Done;
        }

        session.WriteMessage($"cancelled; the best model so far is in '{path}'.");
        return ExitCode.Cancelled;
    }

    private void Report(Session session, LanguageModelTransformer model, TrainingProgress end, double? validationPerplexity)
    {
        if (session.Get(_json))
        {
            session.WriteJson(new
            {
                Parameters = model.ParameterCount,
                ValidationPerplexity = validationPerplexity,
                Seconds = end.Elapsed.TotalSeconds,
                Epochs = end.Epoch,
                end.Tokens,
                Vocabulary = model.Words.Count,
            });
        }
        else
        {
            session.WriteLine($"parameters             {model.ParameterCount:N0}");
            session.WriteLine($"vocabulary             {model.Words.Count:N0}");
            session.WriteLine($"trained                {end.Tokens:N0} tokens in {TimeLeft.Text(end.Elapsed)}");
            session.WriteLine($"validation perplexity  {validationPerplexity?.ToString("F2") ?? "not measured (no --valid)"}");
        }
    }
}
