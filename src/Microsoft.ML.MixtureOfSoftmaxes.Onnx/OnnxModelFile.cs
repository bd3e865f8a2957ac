using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>Reads back what <see cref="OnnxExporter"/> wrote.</summary>
internal static class OnnxModelFile
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why.</exception>
    public static TransformerChain<OnnxLanguageModelTransformer> Load(MLContext context, string path, OnnxScorerOptions options)
    {
        options.Validate();
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}': name a model of ONNX as ExportToOnnx or 'mos export' writes it.", path);
        }

        var session = new OnnxNetworkSession(path, options);
        try
        {
            return Read(context, session);
        }
        catch (Exception e)
        {
            session.Dispose();
            if (e is JsonException or ArgumentException or FormatException or InvalidDataException or OnnxRuntimeException)
            {
                throw new InvalidDataException($"Cannot load '{path}' as a language model: {OptionRange.MessageOf(e)}", e);
            }

            throw;
        }
    }

    private static TransformerChain<OnnxLanguageModelTransformer> Read(MLContext context, OnnxNetworkSession session)
    {
        CheckVersion(Entry(session, OnnxNames.FormatVersion));
        var settings = Parse<SavedSettings>(Entry(session, OnnxNames.Settings));
        settings.Validate();
        var vocabulary = new Vocabulary(
            Parse<string[]>(Entry(session, OnnxNames.Vocabulary)), settings.UnknownWord, settings.EndOfSentence, settings.TokenEncoding);
        if (vocabulary.Count != settings.Network.VocabularySize)
        {
            throw new InvalidDataException(
                $"its vocabulary has {vocabulary.Count} words, its network {settings.Network.VocabularySize}: export the model again.");
        }

        var scorer = new OnnxSequenceScorer(session, vocabulary.EndOfSentenceIndex, settings.Network.Softmaxes);
        Check(scorer, vocabulary);
        var model = new OnnxLanguageModelTransformer(new(settings, settings.Scoring, vocabulary), scorer, context);
        ITransformer[] tokenizer = session.Metadata.TryGetValue(OnnxNames.Tokenizer, out string? saved)
            ? [Parse<OnnxTokenizer>(saved).Create(settings.TokensColumnName, vocabulary)]
            : [];
        return new TransformerChain<OnnxLanguageModelTransformer>([.. tokenizer, model]);
    }

    /// <summary>Whether the network takes every word, and gives probabilities.</summary>
    private static void Check(OnnxSequenceScorer scorer, Vocabulary vocabulary)
    {
        SequenceScores scores = scorer.ScoreRows([[0, vocabulary.Count - 1]], default, Precision.Float32, default)[0];
        if (!scores.LogLikelihoods.All(logP => logP <= 0))
        {
            throw new InvalidDataException("its weights give words no probabilities: export the model again.");
        }
    }

    private static void CheckVersion(string version)
    {
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > OnnxExporter.FormatVersion)
        {
            throw new InvalidDataException(
                $"it is in format {version}, and this version reads up to {OnnxExporter.FormatVersion}: update the package, or export the model " +
                "with this one.");
        }
    }

    private static string Entry(OnnxNetworkSession session, string key) => session.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new InvalidDataException(
            $"it has no metadata '{key}', so it was not exported by this library: use ApplyOnnxModel of ML.NET for a model of another kind.");

    private static T Parse<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, ComponentJson.Options) ?? throw new JsonException("It is null.");
}
