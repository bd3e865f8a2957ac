using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Input;
using Mos.Options;

namespace Mos.Commands;

/// <summary><c>mos evaluate</c>: corpus metrics of a model on text.</summary>
internal sealed class EvaluateCommand : MosCommand
{
    private readonly Option<string> _model = CommonOptions.ModelToRead();
    private readonly Option<string[]> _data = CommonOptions.TextFiles(
        "--data", "The text to evaluate on, files in reading order.", isRequired: true);

    private readonly TableChoices _tables = new();
    private readonly ScoringChoices _scoring = new(ScoringContext.Stream);
    private readonly DynamicChoices _dynamic = new();
    private readonly Option<int?> _device = CommonOptions.Device();
    private readonly Option<bool> _json = CommonOptions.Json();

    public EvaluateCommand()
        : base(
            "evaluate",
            "Computes the perplexity of a model on text: exp of the mean negative log-likelihood per token, ends of sentences " +
            "included.",
            "mos evaluate --model ptb.zip --data ptb.test.txt.gz",
            "mos evaluate --model ptb.zip --data a.txt b.txt --context row --json",
            "mos evaluate --model ptb.zip --data ptb.test.txt.gz --dynamic --statistics ptb.train.txt.gz")
        => AddOptions([_model, _data, .. _tables.All, .. _scoring.All, .. _dynamic.All, _device, _json]);

    protected override int Run(Session session)
    {
        _dynamic.Check(session, _scoring.Context(session));
        MLContext ml = session.OpenContext(session.Get(_device));
        ITransformer model = Models.Load(ml, session.Get(_model), scoring => _scoring.Apply(session, scoring));
        model = _dynamic.Apply(session, ml, model, _tables);
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        IDataView text = _tables.Load(session, ml, session.Get(_data));
        LanguageModelMetrics metrics = ml.LanguageModeling.Evaluate(
            model.Transform(text), languageModel.Scoring, nameof(TextLine.Text), cancellationToken: session.Cancellation);
        if (session.Get(_json))
        {
            session.WriteJson(new
            {
                metrics.Perplexity,
                metrics.CrossEntropy,
                Tokens = metrics.TokenCount,
                Unknown = metrics.OutOfVocabularyCount,
                Rows = metrics.RowCount,
                Bits = metrics.CrossEntropyBits,
                metrics.WordPerplexity,
                metrics.BitsPerByte,
            });
        }
        else
        {
            session.WriteLine($"perplexity     {metrics.Perplexity:F2}");
            session.WriteLine($"cross-entropy  {metrics.CrossEntropy:F4} nats ({metrics.CrossEntropyBits:F4} bits) per token");
            session.WriteLine($"tokens         {metrics.TokenCount:N0}, {metrics.OutOfVocabularyCount:N0} of them unknown words");
            WriteByText(session, metrics);
            session.WriteLine($"rows           {metrics.RowCount:N0}");
        }

        return ExitCode.Done;
    }

    private static void WriteByText(Session session, LanguageModelMetrics metrics)
    {
        if (metrics.WordCount is null)
        {
            session.WriteLine($"per word       not known: unknown words are left out, and the tokens are not words that white space separates");
            return;
        }

        session.WriteLine($"per word       perplexity {metrics.WordPerplexity:F2}, {metrics.WordCount:N0} words");
        session.WriteLine($"per byte       {metrics.BitsPerByte:F4} bits, {metrics.ByteCount:N0} bytes");
    }
}
