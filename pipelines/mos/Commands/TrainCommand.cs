using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
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

    private readonly Option<int> _seed = CommonOptions.Integer(
        "--seed", 1, "The seed of all random numbers: the same seed, data and machine give the same model.");

    private readonly TrainingChoices _choices = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public TrainCommand()
        : base(
            "train",
            "Trains a language model on text. Ctrl-C ends training at the next step and saves the best model so far.",
            "mos train --train ptb.train.txt.gz --valid ptb.valid.txt.gz --model ptb.zip",
            "mos train --train a.txt b.txt --valid c.txt --model small.zip --head softmax --embedding-size 64 --epochs 5",
            "mos train --train a.txt --valid c.txt --model pairs.zip --tokenizer bpe --vocabulary-size 4000",
            "mos train --train a.txt --valid c.txt --model sp.zip --tokenizer sentencepiece --tokenizer-files spm.model",
            "mos train --train ptb.train.txt.gz --valid ptb.valid.txt.gz --model ptb.zip --preset ptb --device cuda:0 --json",
            "mos train --train shards/*.gz --valid c.txt --model large.zip --cache tokens --shuffle-files")
        => AddOptions([_train, _valid, _model, _seed, _json, .. _choices.All]);

    protected override bool IsDistributed => true;

    protected override int Run(Session session)
    {
        Settings settings = _choices.Create(session);
        if (settings.Distributed == DistributedMode.None && session.Launcher is not null)
        {
            throw new UsageException("--distributed is none, so that all processes would write the same model: start one, without mpirun or srun.");
        }

        MLContext ml = session.OpenContext(_choices.Device(session), session.Get(_seed));
        IEstimator<ITransformer> tokenizer = Prepare(session, ml, settings);
        IDataView train = _choices.Tables.Load(session, ml, session.Get(_train));
        IDataView? valid = session.IsGiven(_valid) ? _choices.Tables.Load(session, ml, session.Get(_valid)) : null;
        string path = session.Get(_model);
        if (session.IsFirst)
        {
            AtomicFile.Prepare(path);
            CheckpointFolder.Take(settings)?.Dispose();
        }

        using var interrupt = new Interrupt(session, "ending at the next step; a second Ctrl-C ends at once, without saving.");
        settings.CancellationToken = interrupt.Token;
        using TransformerChain<LanguageModelTransformer> model = TrainingDisplay.Show(session, display =>
        {
            settings.Progress = display;
            ITransformer tokens = FitTokenizer(session, ml, tokenizer, train, settings);
            settings.ValidationSet = valid is null ? null : tokens.Transform(valid);
            MixtureOfSoftmaxesTrainer trainer = ml.LanguageModeling.Trainers.MixtureOfSoftmaxes(TokensColumn, settings);
            IDataView data = tokens.Transform(train);
            if (session.IsFirst)
            {
                CheckRoom(ml, path, trainer.CountParameters(data.Schema) * sizeof(float));
            }

            return tokens.Append(trainer.Fit(data));
        });
        TrainingSummary summary = model.LastTransformer.Training!;
        bool isCancelled = summary.End == TrainingEnd.Cancellation;
        if (summary.Tokens == 0)
        {
            session.WriteMessage("cancelled before the first step; there is no model to save.");
            return ExitCode.Cancelled;
        }

        // The others wait, for mpirun takes the end of one for the end of all.
        Ranks.Of(settings.Distributed, settings.DistributedTimeout).Together(() =>
        {
            if (session.IsFirst)
            {
                ml.LanguageModeling.Save(model, train.Schema, path);
            }
        });
        Report(session, model.LastTransformer, summary);
        if (isCancelled)
        {
            session.WriteMessage($"cancelled; the best model so far is in '{path}'.");
        }

        return isCancelled ? ExitCode.Cancelled : ExitCode.Done;
    }

    /// <summary>The settings that training with these arguments would have, and the id of the GPU; null for the CPU.</summary>
    /// <exception cref="UsageException">An argument is wrong.</exception>
    public static (Settings Settings, int? Gpu) Read(string[] arguments)
    {
        var command = new TrainCommand();
        ParseResult parse = command.Parse(arguments);
        if (parse.Errors.Count > 0)
        {
            throw new UsageException(parse.Errors[0].Message);
        }

        using var session = new Session(parse, isVerbose: false, CancellationToken.None);
        Settings settings = command._choices.Create(session);
        int? gpu = command._choices.Device(session);
        command.Prepare(session, session.OpenContext(gpu), settings);
        return (settings, gpu);
    }

    /// <summary>The tokenizer, after a check of all options before any text is read.</summary>
    private IEstimator<ITransformer> Prepare(Session session, MLContext ml, Settings settings)
    {
        IEstimator<ITransformer> tokenizer = Checked(() => _choices.Tokenizer.Create(session, ml, TokensColumn, settings));

        // Some depend on whether there is validation data, so stand in for it.
        settings.ValidationSet = session.IsGiven(_valid) ? ml.Data.LoadFromEnumerable(Array.Empty<TextLine>()) : null;
        Checked(() => ml.LanguageModeling.Trainers.MixtureOfSoftmaxes(TokensColumn, settings));
        return tokenizer;
    }

    /// <summary>With a cache, what the text was read for before is taken from there.</summary>
    private ITransformer FitTokenizer(Session session, MLContext ml, IEstimator<ITransformer> tokenizer, IDataView train, Settings settings)
    {
        if (settings.TokenCacheFolder is not string folder || _choices.Tables.Key(session, session.Get(_train)) is not string key)
        {
            return tokenizer.Fit(train);
        }

        Directory.CreateDirectory(folder);
        settings.TokenCacheKey = $"{key}\n{_choices.Tokenizer.FilesIdentity(session)}";
        return TokenizerCache.Get(
            session, ml, folder, $"{key}\n{_choices.Tokenizer.Identity(session, settings)}", settings.DistributedTimeout, train,
            () => tokenizer.Fit(train));
    }

    // When the size of the model is known, and there is nothing to lose yet.
    private static void CheckRoom(MLContext ml, string path, long bytes)
    {
        AtomicFile.Prepare(path, bytes);
        UnpackingFolder.Check(ml, bytes);
    }

    private void Report(Session session, LanguageModelTransformer model, TrainingSummary summary)
    {
        if (session.Get(_json))
        {
            session.WriteJson(new
            {
                Parameters = model.ParameterCount,
                summary.ValidationPerplexity,
                Seconds = summary.Elapsed.TotalSeconds,
                summary.Epochs,
                summary.Tokens,
                Vocabulary = model.Words.Count,
                summary.End,
            });
        }
        else
        {
            string unmeasured = session.IsGiven(_valid) ? "not measured (ended before the first validation)" : "not measured (no --valid)";
            session.WriteLine($"parameters             {model.ParameterCount:N0}");
            session.WriteLine($"vocabulary             {model.Words.Count:N0}");
            session.WriteLine($"trained                {summary.Tokens:N0} tokens in {TimeLeft.Text(summary.Elapsed)}");
            session.WriteLine($"ended by               {Describe(summary.End)}");
            session.WriteLine($"validation perplexity  {summary.ValidationPerplexity?.ToString("F2") ?? unmeasured}");
        }
    }

    private static string Describe(TrainingEnd end) => end switch
    {
        TrainingEnd.Epochs => "the limit of epochs",
        TrainingEnd.Tokens => "the limit of tokens",
        TrainingEnd.Time => "the limit of time",
        TrainingEnd.EarlyStopping => "early stopping",
        _ => "cancellation",
    };
}
