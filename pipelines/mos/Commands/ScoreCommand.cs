using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Mos.Options;
using Mos.Output;

namespace Mos.Commands;

/// <summary>Rows of text in, scores out.</summary>
internal sealed class ScoreCommand : MosCommand
{
    private readonly Option<string> _model = CommonOptions.ModelToRead();
    private readonly Option<string[]> _input = CommonOptions.TextFiles("--input", "The text to score, files in reading order.");
    private readonly Option<string> _context = CommonOptions.Context(ScoringContext.Row);
    private readonly Option<int?> _device = CommonOptions.Device();
    private readonly Option<string> _output = new("--output")
    {
        Description = "The table to write; it replaces an older one only when complete. [default: standard output]",
        HelpName = "file.tsv",
    };

    public ScoreCommand()
        : base(
            "score",
            "Scores each row of text. Writes tab-separated values under a header line: LogLikelihood (nats), TokenCount " +
            @"(end of sentence included), OutOfVocabularyCount, Perplexity, Text (tabs written \t, backslashes \\).",
            "mos score --model ptb.zip --input rows.txt --output scores.tsv",
            "mos score --model ptb.zip --input rows.txt.gz | sort -n | head")
    {
        _input.Required = true;
        AddOptions(_model, _input, _output, _context, _device);
    }

    protected override int Run(Session session)
    {
        if (session.Get(_output) is not string path)
        {
            Score(session, session.Output, session.Cancellation);
            return ExitCode.Done;
        }

        WholeFile.Prepare(path);
        using var interrupt = new Interrupt(session, "stopping; no table is written.");
        WholeFile.Write(path, writer => Score(session, writer, interrupt.Token));
        return ExitCode.Done;
    }

    private void Score(Session session, TextWriter writer, CancellationToken cancellation)
    {
        MLContext ml = session.OpenContext(session.Get(_device));
        ITransformer model = Models.Load(ml, session.Get(_model), session.Get(_context));
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        IDataView text = TextFiles.Load(ml, session.Get(_input));
        ScoreTable.Write(writer, model.Transform(text), languageModel.Scoring, nameof(TextLine.Text), cancellation);
    }
}
