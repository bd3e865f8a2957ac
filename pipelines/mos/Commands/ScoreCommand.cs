using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.WordScoring;
using Mos.Input;
using Mos.Options;
using Mos.Output;

namespace Mos.Commands;

/// <summary><c>mos score</c>: how likely a model holds each row of text.</summary>
internal sealed class ScoreCommand : MosCommand
{
    private readonly Option<string> _model = CommonOptions.ModelToRead();
    private readonly Option<string[]> _input = CommonOptions.TextFiles(
        "--input", "The text to score, files in reading order; a pipe is scored as it comes.", isRequired: true);

    private readonly Option<string> _given = new("--given")
    {
        Description = "Score each row as what follows this text, which is read once. Adds the column IsGreedy. [default: none]",
        HelpName = "text",
    };

    private readonly Option<string[]> _givenLines = CommonOptions.TextFiles(
        "--given-lines", "Score each row as what follows the line of the same number in these files. Adds the column IsGreedy.");

    private readonly ScoringChoices _scoring = new(ScoringContext.Row);
    private readonly Option<int?> _device = CommonOptions.Device();
    private readonly Option<string> _output = new("--output")
    {
        Description = "The table to write; it replaces an older one only when complete. [default: standard output]",
        HelpName = "file.tsv",
    };

    private readonly Option<bool> _perToken = new("--per-token")
    {
        Description = "Add columns with the tokens, the log-likelihood of each, and its rank among all words (1: most likely).",
    };

    private readonly Option<bool> _perWord = new("--per-word")
    {
        Description =
            "Add columns about the words of each row, whatever the tokens are: where each begins and its length (UTF-16 code units), how many " +
            "tokens it has, its surprisal in bits, and 1 where it is unknown; and the surprisal of the end of the row.",
    };

    private readonly Option<int?> _top = new("--top")
    {
        Description = "Add columns with the N most likely words in the place of each token, and their probabilities.",
        HelpName = "integer",
        CustomParser = argument => ScalarValue.Integer(argument),
    };

    public ScoreCommand()
        : base(
            "score",
            "Scores each row of text. Writes tab-separated values under a header line: LogLikelihood (nats), TokenCount (end " +
            "of sentence included), OutOfVocabularyCount, Perplexity, BitsPerCharacter, with --given IsGreedy (whether greedy decoding gives the " +
            "row), the columns of --per-token, --per-word and --top " +
            @"with values separated by spaces, and Text. In texts tabs are written \t, backslashes \\.",
            "mos score --model ptb.zip --input rows.txt --output scores.tsv",
            "mos score --model ptb.zip --input rows.txt.gz | sort -n | head",
            "mos score --model ptb.zip --input rows.txt --per-token --top 3",
            "mos score --model pairs.zip --input rows.txt --per-word",
            "mos score --model ptb.zip --given \"the company said\" --input endings.txt --ignore-end-of-sentence",
            "mos score --model ptb.zip --given-lines questions.txt --input answers.txt")
    {
        AddOptions([_model, _input, _output, _given, _givenLines, .. _scoring.All, _perToken, _perWord, _top, _device]);
    }

    protected override int Run(Session session)
    {
        if (session.Get(_top) is < 1 and int top)
        {
            throw new UsageException($"--top is {top}; it must be at least 1.");
        }

        if (session.IsGiven(_given) && session.IsGiven(_givenLines))
        {
            throw new UsageException("--given and --given-lines are both given; one of them says what the rows follow.");
        }

        if (IsConditional(session) && _scoring.Context(session) != ScoringContext.Row)
        {
            throw new UsageException("--given and --given-lines say what each row follows, so --context can only be row.");
        }

        if (session.Get(_output) is not string path)
        {
            Score(session, session.Output, session.Cancellation);
            return ExitCode.Done;
        }

        AtomicFile.Prepare(path);
        using var interrupt = new Interrupt(session, "stopping; no table is written.");
        AtomicFile.WriteText(path, writer => Score(session, writer, interrupt.Token));
        return ExitCode.Done;
    }

    private void Score(Session session, TextWriter writer, CancellationToken cancellation)
    {
        MLContext ml = session.OpenContext(session.Get(_device));
        ITransformer model = Models.Load(ml, session.Get(_model), scoring => Ask(session, scoring));
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        IDataView text;
        if (session.IsGiven(_givenLines))
        {
            text = TextFiles.LoadOnce(ml, session.Get(_input), session.Get(_givenLines));
            model = ml.LanguageModeling.AddContextColumn(model, nameof(ContextLine.Context));
        }
        else
        {
            text = TextFiles.LoadOnce(ml, session.Get(_input));
            model = session.IsGiven(_given) ? Checked(() => ModelChain.After(model, session.Get(_given))) : model;
        }

        ScoringOptions columns = languageModel.Scoring;
        bool perWord = session.Get(_perWord);
        string?[] names =
        [
            columns.LogLikelihoodColumnName, columns.TokenCountColumnName, columns.OutOfVocabularyCountColumnName,
            columns.PerplexityColumnName, columns.BitsPerCharacterColumnName, columns.IsGreedyColumnName, columns.TokensColumnName,
            columns.TokenLogLikelihoodsColumnName, columns.TokenRanksColumnName, columns.TopTokensColumnName,
            columns.TopProbabilitiesColumnName, .. perWord ? WordColumns.Names : [], nameof(TextLine.Text),
        ];
        ITransformer scorer = perWord ? new WordSurprisalTransformer(model, nameof(TextLine.Text)) : model;
        ScoreTable.Write(writer, scorer.Transform(text), names.OfType<string>(), cancellation);
    }

    private bool IsConditional(Session session) => session.IsGiven(_given) || session.IsGiven(_givenLines);

    private ScoringOptions Ask(Session session, ScoringOptions scoring)
    {
        bool perToken = session.Get(_perToken);
        int? top = session.Get(_top);
        return _scoring.Apply(session, scoring) with
        {
            IsGreedyColumnName = IsConditional(session) ? "IsGreedy" : null,
            TokensColumnName = perToken ? "Tokens" : null,
            TokenLogLikelihoodsColumnName = perToken ? "TokenLogLikelihoods" : null,
            TokenRanksColumnName = perToken ? "TokenRanks" : null,
            TopTokensColumnName = top is null ? null : "TopTokens",
            TopProbabilitiesColumnName = top is null ? null : "TopProbabilities",
            TopCount = top ?? scoring.TopCount,
        };
    }
}
