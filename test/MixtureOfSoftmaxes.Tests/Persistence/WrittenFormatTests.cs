using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>A model is written in the oldest format that says all of it, which earlier versions of the library read.</summary>
[TestClass]
public sealed class WrittenFormatTests
{
    private const int AtModelVersions = 0x48;

    private readonly MLContext _ml = new();

    [TestMethod]
    public void Words_and_learnt_byte_pairs_are_written_as_before()
    {
        Assert.AreEqual((1, 2), FormatOf(TinyModel.Untrained()));
        Assert.AreEqual((1, 2), FormatOf(BytePairModel.Trained));
        Assert.AreEqual((1, 2), FormatOf(TinyModel.Adapted));
    }

    [TestMethod]
    public void What_earlier_versions_do_not_know_is_of_a_newer_format()
    {
        foreach (TokenizerFiles files in TokenizerSamples.All)
        {
            Assert.AreEqual((1, 3), FormatOf(PretrainedModel.Untrained(files)), files.Kind.ToString());
        }

        Assert.AreEqual((1, 3), FormatOf(_ml.LanguageModeling.AddContextColumn(TinyModel.Untrained(), "Context")));
        Assert.AreEqual((1, 3), FormatOf(_ml.LanguageModeling.ChangeScoring(
            TinyModel.Untrained(), scoring => scoring with { IsGreedyColumnName = "IsGreedy" })));
        Assert.AreEqual((1, 3), FormatOf(_ml.LanguageModeling.ChangeScoring(
            TinyModel.Untrained(), scoring => scoring with { Precision = Precision.TensorFloat32 })));
        Assert.AreEqual((1, 4), FormatOf(TinyModel.UntrainedScorer(head: LanguageModelHead.Plif)));
        Assert.AreEqual((1, 4), FormatOf(TinyModel.UntrainedScorer(head: LanguageModelHead.MultiFacetSoftmax)));
        Assert.AreEqual((1, 4), FormatOf(TinyModel.UntrainedScorer(head: LanguageModelHead.DirectOutputConnection)));
        Assert.AreEqual((1, 4), FormatOf(_ml.LanguageModeling.ChangeScoring(
            TinyModel.Untrained(), scoring => scoring with { SkippedPrior = 0.01 })));
        Assert.AreEqual((1, 4), FormatOf(_ml.LanguageModeling.ChangeScoring(
            TinyModel.Untrained(), scoring => scoring with { TokenExpertsColumnName = "Experts" })));
        Assert.AreEqual((1, 4), FormatOf(_ml.LanguageModeling.ChangeScoring(
            TinyModel.Untrained(), scoring => scoring with { TokenSkippedPriorsColumnName = "Skipped" })));
        using LanguageModelNetwork narrow = new LanguageModelNetwork(
            Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes) with { LatentRank = 2 }, torch.CPU).Randomize(1);
        Assert.AreEqual((1, 4), FormatOf(new LanguageModelTransformer(new("Tokens", new(), TinyModel.Vocabulary(), narrow))));
    }

    [TestMethod]
    [DataRow("mos")]
    [DataRow("pairs")]
    [DataRow("adapted")]
    public void Settings_of_an_earlier_format_have_only_what_its_readers_know(string name)
    {
        ITransformer model = name switch { "mos" => TinyModel.Trained, "pairs" => BytePairModel.Trained, _ => TinyModel.Adapted };
        byte[] then = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Persistence", "SavedBefore", "1.2", name + ".zip"));
        HashSet<(string, JsonValueKind)> known = Settings(then), written = Settings(ModelZip.Save(model));
        Assert.IsNotEmpty(written);
        Assert.IsEmpty(written.Except(known));

        static HashSet<(string, JsonValueKind)> Settings(byte[] zip) =>
        [
            .. from entry in ModelZip.Entries(zip)
               where entry.Name.EndsWith("/Settings.json", StringComparison.Ordinal)
               from member in Members("", JsonDocument.Parse(entry.Content).RootElement)
               select member,
        ];

        static IEnumerable<(string, JsonValueKind)> Members(string path, JsonElement value) => value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().SelectMany(member => Members($"{path}.{member.Name}", member.Value))
            : [(path, value.ValueKind)];
    }

    private static (int Major, int Minor) FormatOf(ITransformer model)
    {
        byte[] zip = ModelZip.Save(model);
        List<(string Name, byte[] Content)> entries = ModelZip.Entries(zip);
        string weights = entries.Single(entry => entry.Name.EndsWith("Weights.safetensors", StringComparison.Ordinal)).Name;
        byte[] header = ModelZip.Entry(zip, weights[..(weights.LastIndexOf('/') + 1)] + "Model.key");
        uint written = BitConverter.ToUInt32(header, AtModelVersions), readable = BitConverter.ToUInt32(header, AtModelVersions + sizeof(uint));
        Assert.AreEqual(written, readable, "who reads less may not read it");
        return ((int)(written >> 16), (int)(written & 0xFFFF));
    }
}
