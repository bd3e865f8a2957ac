using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>
/// What a file says of itself is held to the ranges that options have, and to the other entries, before memory is taken for it; also where
/// its checksums are right.
/// </summary>
[TestClass]
public sealed class SettingsRangeTests
{
    private static readonly Lazy<byte[]> s_words = new(() => ModelZip.Save(TinyModel.Adapted));
    private static readonly Lazy<byte[]> s_mixtape = new(() => ModelZip.Save(TinyModel.UntrainedScorer(head: LanguageModelHead.Mixtape)));
    private static readonly Lazy<byte[]> s_plif = new(() => ModelZip.Save(TinyModel.UntrainedScorer(head: LanguageModelHead.Plif)));

    private static readonly Lazy<byte[]> s_multiFacet =
        new(() => ModelZip.Save(TinyModel.UntrainedScorer(head: LanguageModelHead.MultiFacetSoftmax)));

    private static readonly Lazy<byte[]> s_directOutput = new(
        () => ModelZip.Save(TinyModel.UntrainedScorer(head: LanguageModelHead.DirectOutputConnection)));

    [TestMethod]
    [DataRow("network.vocabularySize", "1", "VocabularySize is 1")]
    [DataRow("network.vocabularySize", "-8", "VocabularySize is -8")]
    [DataRow("network.embeddingSize", "0", "EmbeddingSize is 0")]
    [DataRow("network.embeddingSize", "-24", "EmbeddingSize is -24")]
    [DataRow("network.hiddenSize", "1048577", "HiddenSize is 1048577")]
    [DataRow("network.lastHiddenSize", "-1", "LastHiddenSize is -1")]
    [DataRow("network.lastHiddenSize", "20000", "LastHiddenSize = 20000")]
    [DataRow("network.lastHiddenSize", "2147483648", "lastHiddenSize")]
    [DataRow("network.embeddingSize", "1000000", "EmbeddingSize = 1000000")]
    [DataRow("network.layerCount", "0", "LayerCount is 0")]
    [DataRow("network.layerCount", "1000000000", "LayerCount is 1000000000")]
    [DataRow("network.layerCount", "16", "LayerCount = 16")]
    [DataRow("network.experts", "1001", "Experts is 1001")]
    [DataRow("network.experts", "1000", "Experts = 1000")]
    [DataRow("network.experts", "NaN", "Settings.json")]
    [DataRow("network.gateSize", "3", "GateSize is 3")]
    [DataRow("network.frequentWords", "3", "FrequentWords")]
    [DataRow("network.head", "\"Other\"", "head")]
    [DataRow("network.head", "7", "head")]
    [DataRow("network.head", "\"Mixtape\"", "GateSize is 0")]
    [DataRow("network.head", "\"Plif\"", "Pieces is 0")]
    [DataRow("network.head", "\"MultiFacetSoftmax\"", "Partitions is 0")]
    [DataRow("network.partitions", "3", "Partitions is 3")]
    [DataRow("network.pieces", "3", "Pieces is 3")]
    [DataRow("network.logitRange", "3", "LogitRange")]
    [DataRow("network.head", "\"DirectOutputConnection\"", "LayerCount is 1; it must be at least 2")]
    [DataRow("network.lowerExperts", "1", "LowerExperts is 1")]
    [DataRow("network.lowerLayers", "1", "LowerLayers")]
    [DataRow("network.latentRank", "-1", "LatentRank is -1")]
    [DataRow("network.latentRank", "1048576", "LatentRank is 1048576")]
    [DataRow("network.latentRank", "2", "LatentRank = 2")]
    [DataRow("dynamicEvaluation.epsilon", "-1", "Epsilon is -1")]
    [DataRow("dynamicEvaluation.epsilon", "1e400", "Epsilon")]
    [DataRow("dynamicEvaluation.learningRate", "-0.1", "LearningRate is -0.1")]
    [DataRow("dynamicEvaluation.decayRate", "-1", "DecayRate is -1")]
    [DataRow("dynamicEvaluation.segmentLength", "0", "SegmentLength is 0")]
    [DataRow("dynamicEvaluation.segmentLength", "1000000000", "SegmentLength is 1000000000")]
    [DataRow("dynamicEvaluation.statisticsBatchSize", "-5", "StatisticsBatchSize is -5")]
    [DataRow("scoring.topCount", "0", "TopCount is 0")]
    [DataRow("scoring.context", "\"Row\"", "Context is Row")]
    [DataRow("scoring.logLikelihoodColumnName", "\"Perplexity\"", "'Perplexity'")]
    [DataRow("scoring.logLikelihoodColumnName", "null", "logLikelihoodColumnName")]
    [DataRow("tokensColumnName", "\"\"", "TokensColumnName is ''")]
    [DataRow("unknownWord", "\"a b\"", "UnknownWord is 'a b'")]
    [DataRow("unknownWord", "\"<eos>\"", "EndOfSentence is '<eos>'")]
    [DataRow("endOfSentence", "\"w9\"", "'w9' is not in the vocabulary")]
    public void A_setting_out_of_its_range_or_of_another_network_is_named_at_once(string setting, string value, string part) =>
        AssertRefused(s_words.Value, "Transform_001/Settings.json", setting, value, part);

    [TestMethod]
    [DataRow("network.experts", "3", "Experts is 3")]
    [DataRow("network.gateSize", "0", "GateSize is 0")]
    [DataRow("network.gateSize", "1048576", "GateSize = 1048576")]
    [DataRow("network.frequentWords", "14", "FrequentWords is 14; it must be from 1 to 13")]
    public void So_are_the_sizes_that_only_Mixtape_has(string setting, string value, string part) =>
        AssertRefused(s_mixtape.Value, "Settings.json", setting, value, part);

    [TestMethod]
    [DataRow("network.pieces", "0", "Pieces is 0")]
    [DataRow("network.pieces", "1048576", "Pieces = 1048576")]
    [DataRow("network.logitRange", "-2", "LogitRange is -2")]
    [DataRow("network.latentRank", "2", "LatentRank is 2")]
    public void So_are_those_that_only_Plif_has(string setting, string value, string part) =>
        AssertRefused(s_plif.Value, "Settings.json", setting, value, part);

    [TestMethod]
    [DataRow("network.partitions", "-1", "Partitions is -1")]
    [DataRow("network.partitions", "14", "Partitions is 14; it must be from 1 to 13")]
    [DataRow("network.partitions", "5", "Partitions = 5")]
    public void So_are_those_that_only_a_multi_facet_softmax_has(string setting, string value, string part) =>
        AssertRefused(s_multiFacet.Value, "Settings.json", setting, value, part);

    [TestMethod]
    [DataRow("network.lowerLayers", "0", "LowerLayers is 0; it must be from 1 to 1")]
    [DataRow("network.lowerLayers", "2", "LowerLayers is 2; it must be from 1 to 1")]
    [DataRow("network.lowerExperts", "0", "LowerExperts is 0; it must be from 1 to 2")]
    [DataRow("network.lowerExperts", "3", "LowerExperts is 3; it must be from 1 to 2")]
    [DataRow("network.lowerExperts", "2", "LowerExperts = 2")]
    [DataRow("network.experts", "1", "Experts is 1; it must be at least 2")]
    [DataRow("network.latentRank", "2", "LatentRank is 2")]
    public void So_are_those_that_only_DirectOutputConnection_has(string setting, string value, string part) =>
        AssertRefused(s_directOutput.Value, "Settings.json", setting, value, part);

    [TestMethod]
    [DataRow("outputColumnName", "\"\"", "OutputColumnName is ''")]
    [DataRow("inputColumnName", "\"\"", "InputColumnName is ''")]
    [DataRow("unknownWord", "\"\"", "UnknownWord is ''")]
    [DataRow("endOfSentence", "\"<unk>\"", "EndOfSentence is '<unk>'")]
    public void So_are_the_settings_of_a_tokenizer(string setting, string value, string part) =>
        AssertRefused(s_words.Value, "Transform_000/Settings.json", setting, value, part);

    [TestMethod]
    public void A_vocabulary_with_a_word_that_is_null_is_named() => AssertNamed(
        ModelZip.WithSealed(s_words.Value, "Transform_000/Vocabulary.json", _ => "[\"<unk>\",null]"u8.ToArray()),
        "'Vocabulary.json'", "Text 1 is null");

    [TestMethod]
    public void A_setting_that_stands_there_twice_is_damage() => AssertNamed(
        ModelZip.WithSealed(s_words.Value, "Transform_000/Settings.json", json =>
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace("{", "{\"unknownWord\": \"a\",", StringComparison.Ordinal))),
        "'Settings.json'", "unknownWord");

    [TestMethod]
    public void Settings_that_unpack_to_more_than_settings_have_are_not_read() => AssertNamed(
        ModelZip.WithSealed(s_words.Value, "Transform_001/Settings.json", json => [.. json, .. Enumerable.Repeat((byte)' ', 1 << 20)]),
        "'Settings.json'", "never has more than 1,048,576");

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(-1f)]
    [DataRow(3e38f)]
    public void Gradient_statistics_that_are_no_sizes_are_refused(float value) => AssertNamed(
        ModelZip.WithSealed(s_words.Value, "GradientStatistics.safetensors", bytes => [.. bytes[..^4], .. BitConverter.GetBytes(value)]),
        "'GradientStatistics.safetensors'", "no sizes of gradients");

    [TestMethod]
    public void Gradient_statistics_of_nothing_but_zeros_are_refused() => AssertNamed(
        ModelZip.WithSealed(s_words.Value, "GradientStatistics.safetensors", bytes =>
        {
            int start = 8 + (int)BitConverter.ToInt64(bytes);
            return [.. bytes[..start], .. new byte[bytes.Length - start]];
        }),
        "'GradientStatistics.safetensors'", "no sizes of gradients");

    [TestMethod]
    public void Gradient_statistics_of_another_network_are_refused() => AssertNamed(
        ModelZip.WithSealed(s_words.Value, "GradientStatistics.safetensors", bytes => [.. bytes, .. new byte[1 << 20]]),
        "'GradientStatistics.safetensors'", "is of another network");

    private static void AssertRefused(byte[] zip, string entry, string setting, string value, string part) =>
        AssertNamed(ModelZip.WithSealed(zip, entry, json => Edit(json, setting, value)), part);

    private static void AssertNamed(byte[] zip, params string[] parts)
    {
        var clock = Stopwatch.StartNew();
        long before = GC.GetTotalAllocatedBytes();
        Errors.AssertThrows<FormatException>(() => ModelZip.Load(zip), parts);
        Assert.IsLessThan(100_000_000, GC.GetTotalAllocatedBytes() - before);
        Assert.IsLessThan(5, clock.Elapsed.TotalSeconds);
    }

    // Not every value is JSON.
    private static byte[] Edit(byte[] json, string path, string value)
    {
        const string Mark = "\"the mark\"";
        JsonNode settings = JsonNode.Parse(json)!;
        string[] names = path.Split('.');
        JsonNode parent = names[..^1].Aggregate(settings, (node, name) => node[name]!);
        parent[names[^1]] = "the mark";
        return Encoding.UTF8.GetBytes(settings.ToJsonString().Replace(Mark, value, StringComparison.Ordinal));
    }
}
