using System.Text.Json.Serialization;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring.Adaptation;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Everything a saved language model consists of, and its entries in the model zip.</summary>
internal sealed record ModelEntries(
    string TokensColumnName, ScoringOptions Scoring, Vocabulary Vocabulary, LanguageModelNetwork Network, DynamicEvaluation? Adaptation)
{
    private const string SettingsEntry = "Settings.json";
    private const string VocabularyEntry = "Vocabulary.json";
    private const string WeightsEntry = "Weights.safetensors";
    private const string StatisticsEntry = "GradientStatistics.safetensors";

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
    public static ModelEntries Read(ComponentReader reader, Device device)
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
