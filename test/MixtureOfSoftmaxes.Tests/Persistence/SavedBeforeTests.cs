using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>Models of earlier versions load, and score what they scored then; SavedBefore/README.md says where they come from.</summary>
[TestClass]
public sealed class SavedBeforeTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Persistence", "SavedBefore");

    public static IEnumerable<object[]> Models => File.ReadLines(Path.Combine(s_folder, "scores.tsv")).Select(line => line.Split('\t'));

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_model_of_an_earlier_version_scores_as_it_did(string name, string logLikelihoods, string tokenCounts)
    {
        var ml = new MLContext();
        var warnings = new List<string>();
        ml.Log += (_, e) => warnings.AddRange(e.Kind == ChannelMessageKind.Warning ? [e.RawMessage] : []);
        string[] texts = File.ReadAllLines(Path.Combine(s_folder, "rows.txt"));
        ITransformer model = ml.Model.Load(Path.Combine(s_folder, name + ".zip"), out _);
        ScoredRow[] rows = ml.Score(model, texts);
        Assert.AreSequenceEqual(tokenCounts.Split(' ').Select(int.Parse), rows.Select(row => row.TokenCount));
        double[] expected = [.. logLikelihoods.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
        Assert.HasCount(texts.Length, expected);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], rows[i].LogLikelihood, 1e-5 * Math.Abs(expected[i]), $"row {i}: {texts[i]}");
        }

        Assert.HasCount(2, warnings);
        Assert.IsTrue(warnings.All(w => w.Contains("without checksums", StringComparison.Ordinal)), string.Join('\n', warnings));
    }

    [TestMethod]
    public void Saved_again_it_has_checksums_and_loads_without_a_warning()
    {
        var ml = new MLContext();
        byte[] again = ModelZip.Save(ml.Model.Load(Path.Combine(s_folder, "adapted.zip"), out _));
        ml.Log += (_, e) => Assert.AreNotEqual(ChannelMessageKind.Warning, e.Kind, e.Message);
        ml.Model.Load(new MemoryStream(again), out _);
        Assert.HasCount(2, ModelZip.Entries(again).Where(entry => entry.Name.EndsWith("/Checksums.json", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_one_checksum_that_it_has_is_that_of_its_weights()
    {
        byte[] changed = ModelZip.With(File.ReadAllBytes(Path.Combine(s_folder, "mos.zip")), "Weights.safetensors", weights =>
        {
            weights[^3] ^= 1;
            return weights;
        });
        Errors.AssertThrows<FormatException>(() => ModelZip.Load(changed), "'Weights.safetensors'", "SHA-256");
    }
}
