using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>Models of earlier versions load, and score what they scored then; SavedBefore/README.md says where they come from.</summary>
[TestClass]
public sealed class SavedBeforeTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Persistence", "SavedBefore");

    /// <summary>Format 1.1 had the checksum of the weights alone.</summary>
    public static IEnumerable<object[]> Models => from format in new[] { ("", 2), ("1.2", 0), ("1.3", 0), ("1.4", 0) }
                                                  from line in File.ReadLines(Path.Combine(s_folder, format.Item1, "scores.tsv"))
                                                  let cells = line.Split('\t')
                                                  select new object[] { format.Item1, cells[0], cells[1], cells[2], format.Item2 };

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_model_of_an_earlier_version_scores_as_it_did(
        string format, string name, string logLikelihoods, string tokenCounts, int warningCount)
    {
        var ml = new MLContext();
        var warnings = new List<string>();
        ml.Log += (_, e) => warnings.AddRange(e.Kind == ChannelMessageKind.Warning ? [e.RawMessage] : []);
        AssertScores(ml, ml.Model.Load(Path.Combine(s_folder, format, name + ".zip"), out _), logLikelihoods, tokenCounts);
        Assert.HasCount(warningCount, warnings);
        Assert.IsTrue(warnings.All(w => w.Contains("without checksums", StringComparison.Ordinal)), string.Join('\n', warnings));
    }

    [TestMethod]
    public void An_export_for_Python_of_an_earlier_version_scores_as_the_model_did()
    {
        string[] scores = File.ReadLines(Path.Combine(s_folder, "1.2", "scores.tsv")).Select(line => line.Split('\t'))
            .Single(cells => cells[0] == "mos");
        var ml = new MLContext();
        AssertScores(ml, ml.LanguageModeling.ImportFromPython(Path.Combine(s_folder, "python-1.0")), scores[1], scores[2]);
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

    private static void AssertScores(MLContext ml, ITransformer model, string logLikelihoods, string tokenCounts)
    {
        string[] texts = File.ReadAllLines(Path.Combine(s_folder, "rows.txt"));
        ScoredRow[] rows = ml.Score(model, texts);
        Assert.AreSequenceEqual(tokenCounts.Split(' ').Select(int.Parse), rows.Select(row => row.TokenCount));
        double[] expected = [.. logLikelihoods.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
        Assert.HasCount(texts.Length, expected);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], rows[i].LogLikelihood, 1e-5 * Math.Abs(expected[i]), $"row {i}: {texts[i]}");
        }
    }
}
