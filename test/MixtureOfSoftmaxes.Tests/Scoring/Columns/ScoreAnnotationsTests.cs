using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

/// <summary>What ML.NET itself finds on our columns, by its own means, which it keeps to its friends.</summary>
[TestClass]
public sealed class ScoreAnnotationsTests
{
    private static readonly Type s_utils = typeof(SchemaShape).Assembly.GetType("Microsoft.ML.Data.AnnotationUtils")!;

    private readonly MLContext _ml = new();

    [TestMethod]
    public void MLNET_finds_the_columns_of_the_last_scorer_and_what_each_is()
    {
        var options = new ScoringOptions { TopTokensColumnName = "Top", TopProbabilitiesColumnName = "Probabilities" };
        DataViewSchema once = TinyModel.Untrained(options).Transform(_ml.Texts("a b")).Schema;
        Assert.AreEqual(1u, MaxSetId(once));
        Assert.AreSequenceEqual(["LogLikelihood", "Top", "Probabilities"], Set(once, 1));
        Assert.AreSequenceEqual(
            ["LanguageModeling Score", "LanguageModeling PredictedLabel", "LanguageModeling Probability"],
            Set(once, 1).Select(name => $"{Text(once[name], "ScoreColumnKind")} {Text(once[name], "ScoreValueKind")}"));
        bool isNormalized = false;
        once["Probabilities"].Annotations.GetValue("IsNormalized", ref isNormalized);
        Assert.IsTrue(isNormalized);

        var other = options with { LogLikelihoodColumnName = "Other", TopTokensColumnName = null, TopProbabilitiesColumnName = null };
        DataViewSchema twice = TinyModel.UntrainedScorer(other).Transform(TinyModel.Untrained(options).Transform(_ml.Texts("a b"))).Schema;
        Assert.AreEqual(2u, MaxSetId(twice));
        Assert.AreSequenceEqual(["Other"], Set(twice, 2));
        Assert.AreSequenceEqual(["LogLikelihood", "Top", "Probabilities"], Set(twice, 1));
    }

    [TestMethod]
    public void A_set_follows_those_of_MLNETs_own_scorers()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Row { Label = true, Features = [1, 2] }, new Row { Features = [0, 1] }]);
        DataViewSchema scored = _ml.BinaryClassification.Trainers.SdcaLogisticRegression().Fit(data).Transform(data).Schema;
        uint before = MaxSetId(scored);
        Assert.IsGreaterThan(0u, before);
        IDataView both = TinyModel.Untrained().Transform(
            _ml.BinaryClassification.Trainers.SdcaLogisticRegression().Fit(data).Transform(data));
        Assert.AreEqual(before + 1, MaxSetId(both.Schema));
    }

    private static uint MaxSetId(DataViewSchema schema)
    {
        MethodInfo method = s_utils.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .First(candidate => candidate.Name == "GetMaxAnnotationKind");
        return (uint)method.Invoke(null, [schema, null, "ScoreColumnSetId", null])!;
    }

    private static IEnumerable<string> Set(DataViewSchema schema, uint id)
    {
        MethodInfo method = s_utils.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .First(candidate => candidate.Name == "GetColumnSet" && candidate.GetParameters()[2].ParameterType == typeof(uint));
        return ((IEnumerable<int>)method.Invoke(null, [schema, "ScoreColumnSetId", id])!).Select(column => schema[column].Name);
    }

    private static string Text(DataViewSchema.Column column, string kind)
    {
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(kind, ref text);
        return text.ToString();
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Text { get; set; } = "a b";
    }
}
