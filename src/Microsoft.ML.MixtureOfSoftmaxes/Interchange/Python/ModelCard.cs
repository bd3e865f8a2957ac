using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>The <c>README.md</c> of an export: what the model is, what it was made of, how good it is, how to use it.</summary>
internal static class ModelCard
{
    private const string NotRecorded = "not recorded";

    public static string Write(LanguageModelTransformer model, PythonExportOptions options)
    {
        var card = new StringBuilder();
        Add(card, "---");
        Add(card, "library_name: pytorch");
        Add(card, "pipeline_tag: text-generation");
        if (options.License is string license)
        {
            Add(card, $"license: {JsonSerializer.Serialize(license)}"); // JSON's strings are YAML's
        }

        Add(card, "tags: [language-model, lstm, mixture-of-softmaxes]");
        Add(card, "---");
        Add(card, "");
        Add(card, $"# {options.Title ?? $"A language model with a {HeadOf(model)} head"}");
        Add(card, "");
        Add(card, "Exported by Microsoft.ML.MixtureOfSoftmaxes. With PyTorch, and `mixture_of_softmaxes.py` beside this file:");
        Add(card, "");
        Add(card, "```python");
        Add(card, "from mixture_of_softmaxes import LanguageModel");
        Add(card, "");
        Add(card, "model = LanguageModel.load(\".\")");
        Add(card, "model.score(\"a text\")              # each token with its log-likelihood, in nats");
        Add(card, "model.generate(\"a text\", seed=1)   # the text, continued");
        Add(card, "```");
        AddModel(card, model);
        AddTraining(card, model, options);
        AddEvaluation(card, options);
        return card.ToString();
    }

    private static void AddModel(StringBuilder card, LanguageModelTransformer model)
    {
        NetworkShape shape = model.Network.Shape;
        string layers = string.Join(", ", Enumerable.Range(0, shape.LayerCount).Select(layer => shape.Layer(layer).Output));
        AddSection(card, "Model");
        AddRow(card, "head", HeadOf(model) + (shape.HasExperts ? $", {shape.Experts} experts" : ""));
        AddRow(card, "parameters", $"{shape.ParameterCount:N0}, of 32 bits");
        AddRow(card, "embedding, tied with the decoder", $"{shape.EmbeddingSize}");
        AddRow(card, "LSTM layers", layers);
        AddRow(
            card, "tokens",
            $"{shape.VocabularySize:N0} {(model.Vocabulary.Encoding == TokenEncoding.Words ? "words that white space separates" : "byte pairs")}, " +
            $"the marks `{model.UnknownWord}` and `{model.Vocabulary.EndOfSentence}` among them");
    }

    private static void AddTraining(StringBuilder card, LanguageModelTransformer model, PythonExportOptions options)
    {
        TrainingSummary? training = model.Training;
        AddSection(card, "Training");
        AddRow(card, "data", options.TrainingData ?? NotRecorded);
        AddRow(card, "passes over the data", training is null ? NotRecorded : $"{training.Epochs:N0}, {training.Tokens:N0} tokens");
        AddRow(card, "validation perplexity", training?.ValidationPerplexity is double perplexity ? $"{perplexity:F2}" : NotRecorded);
    }

    private static void AddEvaluation(StringBuilder card, PythonExportOptions options)
    {
        LanguageModelMetrics? metrics = options.Metrics;
        AddSection(card, "Evaluation");
        AddRow(card, "how", options.Evaluation ?? NotRecorded);
        AddRow(card, "perplexity per token", metrics is null ? NotRecorded : $"{metrics.Perplexity:F2}{Interval(metrics.PerplexityInterval)}");
        if (metrics is not null)
        {
            AddRow(card, "tokens", $"{metrics.TokenCount:N0}, {metrics.OutOfVocabularyCount:N0} of them unknown words");
            AddRow(card, "rows", $"{metrics.RowCount:N0}");
            AddRow(card, "perplexity per word", metrics.WordPerplexity is double word ? $"{word:F2}" : NotRecorded);
            AddRow(card, "bits per byte", metrics.BitsPerByte is double bits ? $"{bits:F4}" : NotRecorded);
        }
    }

    private static string HeadOf(LanguageModelTransformer model) => model.Head switch
    {
        LanguageModelHead.MixtureOfSoftmaxes => "mixture-of-softmaxes",
        LanguageModelHead.MixtureOfContexts => "mixture-of-contexts",
        LanguageModelHead.MixtureOfSigSoftmaxes => "mixture-of-sigsoftmaxes",
        LanguageModelHead.Mixtape => "Mixtape",
        LanguageModelHead.Plif => "linear-monotonic softmax",
        LanguageModelHead.MultiFacetSoftmax => "multi-facet softmax",
        LanguageModelHead.DirectOutputConnection => "direct-output-connection",
        _ => "softmax",
    };

    private static string Interval(ConfidenceInterval? interval) =>
        interval is var (low, high) ? FormattableString.Invariant($" (95 % interval {low:F2} to {high:F2})") : "";

    private static void AddSection(StringBuilder card, string title)
    {
        Add(card, "");
        Add(card, $"## {title}");
        Add(card, "");
        Add(card, "| | |");
        Add(card, "| --- | --- |");
    }

    private static void AddRow(StringBuilder card, string name, FormattableString value) =>
        AddRow(card, name, value.ToString(CultureInfo.InvariantCulture));

    // A cell ends with a bar or with the line.
    private static void AddRow(StringBuilder card, string name, string value) =>
        Add(card, $"| {name} | {value.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)} |");

    private static void Add(StringBuilder card, string line) => card.Append(line).Append('\n');
}
