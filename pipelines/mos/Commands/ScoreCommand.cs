using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.WordScoring;
using Mos.Input;
using Mos.Input.Tables;
using Mos.Options;
using Mos.Output;
using Mos.Output.Tables;

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

    private readonly Option<string?> _contextColumn = new("--context-column")
    {
        Description = "In tables: score each row as what follows the text in this column. Adds the column IsGreedy.",
        HelpName = "name",
    };

    private readonly TableChoices _tables = new();
    private readonly Option<string?> _id = new("--id-column")
    {
        Description = "In tables: the one column of the input to write beside the scores, by which rows are known. [default: all columns]",
        HelpName = "name",
    };

    private readonly ScoringChoices _scoring = new(ScoringContext.Row);
    private readonly Option<int?> _device = CommonOptions.Device();
    private readonly Option<string> _output = new("--output")
    {
        Description = "The table to write; it replaces an older one only when complete. [default: standard output]",
        HelpName = "file",
    };

    private readonly Option<string?> _format = TableChoices.Format(
        "--format",
        "How the table is written. [default: as --output ends in .csv, .tsv, .jsonl or .parquet, and tsv for all else; .gz compresses]",
        Enum.GetValues<TableFormat>().Where(format => format != TableFormat.Text));

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
            "Scores each row of text. Writes a table: LogLikelihood (nats), TokenCount (end of sentence included), OutOfVocabularyCount, " +
            "Perplexity, BitsPerCharacter, with a context IsGreedy (whether greedy decoding gives the row), the columns of --per-token, " +
            "--per-word and --top, and the columns of the input, which for plain lines is Text. " +
            @"In tab-separated values the values of a vector are separated by spaces, tabs in texts are written \t, backslashes \\.",
            "mos score --model ptb.zip --input rows.txt --output scores.tsv",
            "mos score --model ptb.zip --input reviews.csv --column review --output scores.parquet",
            "mos score --model ptb.zip --input rows.txt.gz | sort -n | head",
            "zcat reviews.jsonl.gz | mos score --model ptb.zip --input - --input-format jsonl --column review --id-column id --format jsonl",
            "mos score --model ptb.zip --input rows.txt --per-token --top 3",
            "mos score --model pairs.zip --input rows.txt --per-word",
            "mos score --model ptb.zip --given \"the company said\" --input endings.txt --ignore-end-of-sentence",
            "mos score --model ptb.zip --given-lines questions.txt --input answers.txt",
            "mos score --model ptb.zip --input choices.csv --context-column question --column answer --output scored.csv")
    {
        AddOptions(
        [
            _model, _input, .. _tables.All, _id, _output, _format, _given, _givenLines, _contextColumn, .. _scoring.All, _perToken, _perWord, _top,
            _device,
        ]);
    }

    protected override bool IsDistributed => true;

    protected override int Run(Session session)
    {
        if (session.Get(_top) is < 1 and int top)
        {
            throw new UsageException($"--top is {top}; it must be at least 1.");
        }

        string given = string.Join(" and ", Given.Where(session.IsGiven).Select(option => option.Name));
        if (Given.Count(session.IsGiven) > 1)
        {
            throw new UsageException($"{given} are given; one of them says what the rows follow.");
        }

        if (IsConditional(session) && _scoring.Context(session) != ScoringContext.Row)
        {
            throw new UsageException($"{given} says what each row follows, so --context can only be row.");
        }

        string? path = session.Get(_output);
        TableFormat format = TableChoices.FormatOf(session.Get(_format)) ?? (path is null ? null : TableFormats.Of(path)) ?? TableFormat.Tsv;
        if (format == TableFormat.Parquet && (path is null || SpecialFile.Is(path) || TableFormats.IsGzip(path)))
        {
            throw new UsageException(
                "A table in Parquet needs a file, --output scores.parquet: it is not written from front to back, and compresses itself.");
        }

        if (session.IsFirst && path is not null)
        {
            AtomicFile.Prepare(path);
        }

        MLContext ml = session.OpenContext(session.Get(_device));
        using var model = new RankedModel(() => Models.Load(ml, session.Get(_model), scoring => Ask(session, scoring)));
        if (model.HasServed(session))
        {
            return ExitCode.Done;
        }

        if (path is null)
        {
            TableOutput.WriteText(format, session.Output, table => Score(session, ml, model.Chain, table, session.Cancellation));
            model.Release();
            return ExitCode.Done;
        }

        using var interrupt = new Interrupt(session, "stopping; no table is written.");
        AtomicFile.Write(
            path, stream => TableOutput.Write(format, path, stream, table => Score(session, ml, model.Chain, table, interrupt.Token)));
        model.Release();
        return ExitCode.Done;
    }

    private void Score(Session session, MLContext ml, ITransformer model, TableWriter table, CancellationToken cancellation)
    {
        IDataView text = session.IsGiven(_givenLines)
            ? _tables.LoadOnce(session, ml, session.Get(_input), session.Get(_givenLines))
            : _tables.LoadOnce(session, ml, session.Get(_input), session.Get(_contextColumn));
        model = session.IsGiven(_given) ? Checked(() => ModelChain.After(model, session.Get(_given)))
            : IsConditional(session) ? ml.LanguageModeling.AddContextColumn(model, nameof(TextRow.Context))
            : model;
        ScoringOptions columns = ml.LanguageModeling.GetLanguageModel(model).Scoring;
        bool perWord = session.Get(_perWord);
        string?[] names =
        [
            columns.LogLikelihoodColumnName, columns.TokenCountColumnName, columns.OutOfVocabularyCountColumnName,
            columns.PerplexityColumnName, columns.BitsPerCharacterColumnName, columns.IsGreedyColumnName, columns.TokensColumnName,
            columns.TokenLogLikelihoodsColumnName, columns.TokenRanksColumnName, columns.TopTokensColumnName,
            columns.TopProbabilitiesColumnName, .. perWord ? WordColumns.Names : [],
        ];
        ITransformer scorer = perWord ? new WordSurprisalTransformer(model, nameof(TextRow.Text)) : model;
        var scores = new ScoreTable(scorer.Transform(text), [.. names.OfType<string>()], session.Get(_id))
        {
            Scoring = columns,
            Hidden = hidden => session.WriteMessage(
                $"the scores take the place of the input's {(hidden.Count > 1 ? "columns" : "column")} '{string.Join("', '", hidden)}'."),
        };
        scores.Write(table, cancellation);
        if (scores.ExpertUse is ExpertUse use)
        {
            session.WriteMessage($"experts: {ScoringChoices.Describe(use)}.");
        }
    }

    private Option[] Given => [_given, _givenLines, _contextColumn];

    private bool IsConditional(Session session) => Given.Any(session.IsGiven);

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
