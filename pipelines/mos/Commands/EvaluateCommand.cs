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
    private readonly Option<int> _resamples = CommonOptions.Resamples();
    private readonly Option<int?> _blockLength = CommonOptions.BlockLength();
    private readonly Option<int?> _device = CommonOptions.Device();
    private readonly Option<bool> _json = CommonOptions.Json();

    public EvaluateCommand()
        : base(
            "evaluate",
            "Computes the perplexity of a model on text: exp of the mean negative log-likelihood per token, ends of sentences " +
            "included, with its 95 % confidence interval. By words, bytes and characters models of different tokens compare.",
            "mos evaluate --model ptb.zip --data ptb.test.txt.gz",
            "mos evaluate --model ptb.zip --data a.txt b.txt --context row --json",
            "mos evaluate --model ptb.zip --data ptb.test.txt.gz --dynamic --statistics ptb.train.txt.gz")
        => AddOptions([_model, _data, .. _tables.All, .. _scoring.All, .. _dynamic.All, _resamples, _blockLength, _device, _json]);

    protected override bool IsDistributed => true;

    protected override int Run(Session session)
    {
        _dynamic.Check(session, _scoring.Context(session));
        BootstrapOptions bootstrap = Checked(() => Resampling(session));
        MLContext ml = session.OpenContext(session.Get(_device));
        using var ranked = new RankedModel(() => Models.Load(ml, session.Get(_model), scoring => _scoring.Apply(session, scoring)));
        if (ranked.HasServed(session))
        {
            return ExitCode.Done;
        }

        ITransformer model = _dynamic.Apply(session, ml, ranked.Chain, _tables);
        using LanguageModelTransformer languageModel = ml.LanguageModeling.GetLanguageModel(model);
        IDataView text = _tables.Load(session, ml, session.Get(_data));
        LanguageModelMetrics metrics = ml.LanguageModeling.Evaluate(
            model.Transform(text), languageModel.Scoring, nameof(TextLine.Text), bootstrap, cancellationToken: session.Cancellation);
        ranked.Release();
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
                metrics.PerplexityInterval,
                metrics.WordPerplexity,
                metrics.WordPerplexityInterval,
                metrics.BytePerplexity,
                metrics.BytePerplexityInterval,
                metrics.BitsPerByte,
                metrics.BitsPerCharacter,
                Words = metrics.WordCount,
                Bytes = metrics.ByteCount,
                Characters = metrics.CharacterCount,
                RowEnds = metrics.RowEndCount,
                WithoutRowEnds = ByTextAlone(metrics.WithoutRowEnds()),
                metrics.ExpertUse,
            });
        }
        else
        {
            session.WriteLine($"perplexity     {metrics.Perplexity:F2}");
            session.WriteLine($"95 % interval  {Text(metrics.PerplexityInterval)}");
            session.WriteLine($"cross-entropy  {metrics.CrossEntropy:F4} nats ({metrics.CrossEntropyBits:F4} bits) per token");
            session.WriteLine($"tokens         {metrics.TokenCount:N0}, {metrics.OutOfVocabularyCount:N0} of them unknown words");
            WriteByText(session, metrics);
            session.WriteLine($"rows           {metrics.RowCount:N0}");
            if (metrics.ExpertUse is ExpertUse use)
            {
                session.WriteLine($"experts        {ScoringChoices.Describe(use)}");
            }
        }

        return ExitCode.Done;
    }

    private BootstrapOptions Resampling(Session session)
    {
        var options = new BootstrapOptions { Resamples = session.Get(_resamples), BlockLength = session.Get(_blockLength) };
        options.Validate();
        return options;
    }

    private static void WriteByText(Session session, LanguageModelMetrics metrics)
    {
        if (metrics.WordCount is null)
        {
            session.WriteLine($"per word       not known: unknown words are left out, and the tokens are not words that white space separates");
            return;
        }

        LanguageModelMetrics text = metrics.WithoutRowEnds();
        session.WriteLine(
            $"per word       perplexity {metrics.WordPerplexity:F2} ({Text(metrics.WordPerplexityInterval)}), {metrics.WordCount:N0} words");
        session.WriteLine($"per byte       {metrics.BitsPerByte:F4} bits, perplexity {metrics.BytePerplexity:F4}, {metrics.ByteCount:N0} bytes");
        session.WriteLine($"per character  {metrics.BitsPerCharacter:F4} bits, {metrics.CharacterCount:N0} characters");
        session.WriteLine(
            $"without ends   perplexity {text.WordPerplexity:F2} per word, {text.BitsPerByte:F4} bits per byte: by the text alone");
    }

    // The lengths of the text without ends of rows, as lm-evaluation-harness counts them; null where they are not known.
    private static object? ByTextAlone(LanguageModelMetrics text) => text.WordCount is null
        ? null
        : new { text.WordPerplexity, text.BytePerplexity, text.BitsPerByte, text.BitsPerCharacter };

    private static string Text(ConfidenceInterval? interval) =>
        interval is var (low, high) ? FormattableString.Invariant($"{low:F2} to {high:F2}") : "not known: the text is one block of rows";
}
