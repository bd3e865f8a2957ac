using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

[TestClass]
public sealed class FigureJsonTests
{
    [TestMethod]
    public void A_figure_that_is_no_finite_number_is_a_string_and_reads_back()
    {
        var metrics = new LanguageModelMetrics(800, 10, 0, 2) { WordCount = 0, ByteCount = 3 };
        string json = JsonSerializer.Serialize(metrics, FigureJson.Options);
        JsonNode node = JsonNode.Parse(json)!;
        Assert.AreEqual(800, (double)node["crossEntropy"]!);
        Assert.AreEqual("Infinity", (string)node["perplexity"]!);
        Assert.AreEqual("Infinity", (string)node["wordPerplexity"]!);
        Assert.AreEqual(metrics, JsonSerializer.Deserialize<LanguageModelMetrics>(json, FigureJson.Options));

        var score = new TextScore(double.NegativeInfinity, 0, 0, double.NaN, 1.5, []);
        node = JsonNode.Parse(JsonSerializer.Serialize(score, FigureJson.Options))!;
        Assert.AreEqual("-Infinity", (string)node["logLikelihood"]!);
        Assert.AreEqual("NaN", (string)node["perplexity"]!);
        Assert.AreEqual(1.5, (double)node["bitsPerCharacter"]!);
    }

    [TestMethod]
    public void Enumerations_are_written_by_name_in_camel_case() => Assert.AreEqual(
        "\"mixtureOfSoftmaxes\"", JsonSerializer.Serialize(LanguageModelHead.MixtureOfSoftmaxes, FigureJson.Options));
}
