using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

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
    }
}
