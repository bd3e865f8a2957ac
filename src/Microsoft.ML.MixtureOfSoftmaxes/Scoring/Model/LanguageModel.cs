using System.Text.Json.Serialization;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A language model as it scores and as it is saved, and its entries in the model zip.</summary>
/// <param name="TokensColumnName">The column it reads.</param>
/// <param name="Scoring">The columns it adds, and what rows are conditioned on.</param>
/// <param name="Vocabulary">What the ids stand for.</param>
/// <param name="Network">The trained network.</param>
/// <param name="Adaptation">How it adapts to what it reads; null for not at all.</param>
internal sealed record LanguageModel(
    string TokensColumnName, ScoringOptions Scoring, Vocabulary Vocabulary, LanguageModelNetwork Network, DynamicEvaluation? Adaptation = null)
    : IDisposable
{
    private const string SettingsEntry = "Settings.json";
    private const string VocabularyEntry = "Vocabulary.json";
    private const string WeightsEntry = "Weights.safetensors";
    private const string StatisticsEntry = "GradientStatistics.safetensors";

    /// <exception cref="ArgumentException">An option is out of its range, or does not go with dynamic evaluation.</exception>
    public void Validate()
    {
        Scoring.Validate();
        if (Adaptation is not null && Scoring.Context != ScoringContext.Stream)
        {
            throw new ArgumentException(
                $"Context is {Scoring.Context}, but a model that adapts to what it reads takes the rows as one stream: set it to Stream, or " +
                "use the model without dynamic evaluation.");
        }
    }

    /// <summary>A scorer that adapts to the text it reads, from the trained weights on; null for a model that does not.</summary>
    public AdaptiveScorer? OpenAdaptive() => Adaptation?.Open(Network, Vocabulary.EndOfSentenceIndex);

    public void Dispose()
    {
        Network.Dispose();
        Adaptation?.Statistics.Dispose();
    }

    public void Write(ComponentWriter writer)
    {
        string hash = "";
        writer.WriteBinary(
            WeightsEntry, stream => hash = Sha256.OfWritten(stream, hashing => Safetensors.Write(hashing, Network.state_dict())));
        if (Adaptation is not null)
        {
            writer.WriteBinary(StatisticsEntry, stream => Safetensors.Write(stream, Adaptation.Statistics.Roots));
        }

        writer.WriteJson(VocabularyEntry, Vocabulary.Words);
        writer.WriteJson(
            SettingsEntry,
            new Settings(
                TokensColumnName, Scoring, Network.Shape, Vocabulary.UnknownWord, Vocabulary.EndOfSentence, hash, Vocabulary.Encoding,
                Adaptation?.Options));
    }

    /// <exception cref="ModelFormatException">An entry is missing, damaged, or does not fit the others.</exception>
    public static LanguageModel Read(ComponentReader reader, Device device)
    {
        Settings settings = reader.ReadJson<Settings>(SettingsEntry);
        var vocabulary = Vocabulary.Read(reader, VocabularyEntry, settings.UnknownWord, settings.EndOfSentence, settings.TokenEncoding);
        if (vocabulary.Count != settings.Network.VocabularySize)
        {
            throw new ModelFormatException(
                $"The model's vocabulary has {vocabulary.Count} words, its network {settings.Network.VocabularySize}: save the model " +
                "again or restore a copy.");
        }

        var network = new LanguageModelNetwork(settings.Network, device);
        try
        {
            string hash = reader.ReadBinary(WeightsEntry, stream => ReadWeights(stream, network));
            if (hash != settings.WeightsSha256)
            {
                throw ComponentReader.Malformed(
                    WeightsEntry, $"The weights are not those that were saved: SHA-256 {hash}, not {settings.WeightsSha256}.");
            }

            if (!network.IsFinite)
            {
                throw new ModelFormatException("The model's weights are not all finite numbers, so it has no probabilities: train it again.");
            }

            return new(
                settings.TokensColumnName, settings.Scoring, vocabulary, network,
                ReadAdaptation(reader, network, settings.DynamicEvaluation));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static string ReadWeights(Stream stream, LanguageModelNetwork network)
    {
        using DisposeScope scope = NewDisposeScope();
        return Sha256.OfRead(stream, weights => Safetensors.ReadInto(weights, network.state_dict()));
    }

    private static DynamicEvaluation? ReadAdaptation(ComponentReader reader, LanguageModelNetwork network, DynamicEvaluationOptions? options)
    {
        if (options is null)
        {
            return null;
        }

        GradientStatistics statistics = GradientStatistics.Empty(network);
        try
        {
            return reader.ReadBinary(StatisticsEntry, stream =>
            {
                Safetensors.ReadInto(stream, statistics.Roots);
                return new DynamicEvaluation(options, statistics);
            });
        }
        catch
        {
            statistics.Dispose();
            throw;
        }
    }

    private sealed record Settings(
        string TokensColumnName, ScoringOptions Scoring, NetworkShape Network, string UnknownWord, string EndOfSentence, string WeightsSha256,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] TokenEncoding TokenEncoding = TokenEncoding.Words,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DynamicEvaluationOptions? DynamicEvaluation = null);
}
