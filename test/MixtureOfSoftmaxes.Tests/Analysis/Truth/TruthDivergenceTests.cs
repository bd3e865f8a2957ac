using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Truth;

[TestClass]
public sealed class TruthDivergenceTests : IDisposable
{
    private const int V = KnownModel.Vocabulary;

    private static readonly MLContext s_ml = new();
    private static readonly string[] s_text = KnownModel.Text(rows: 16);

    private readonly KnownModel _model = new(LanguageModelHead.MixtureOfSoftmaxes);

    [TestMethod]
    public void Divergence_and_cross_entropy_are_those_of_the_definition()
    {
        // The truth puts 1/4 on every fourth word, from one that the length of the sentence so far gives.
        var sentences = new List<string>();
        TruthDivergence actual = Measure(
            words =>
            {
                sentences.Add(string.Join(' ', words));
                return Truth(words.Count);
            },
            contexts: 32);

        // 160 tokens in 16 columns of 10, as each sentence has: context n is after n / 16 words of sentence n % 16.
        int[] stream = KnownModel.Stream(s_text);
        double[][][] columns = [.. Enumerable.Range(0, 16).Select(column => _model.Walk(stream, 10 * column, 2))];
        double[] expected = [.. Enumerable.Range(0, 32).Select(n =>
            Truth(n / 16).Zip(columns[n % 16][n / 16], (p, log) => p == 0 ? 0 : p * (Math.Log(p) - log)).Sum())];
        Numbers.AssertClose(expected, [.. actual.Divergences], 1e-5, "divergence");
        Assert.AreEqual(Math.Log(12), actual.Entropy, 1e-12);
        Assert.AreEqual(expected.Average(), actual.Divergence, 1e-5);
        Assert.AreEqual(Math.Log(12) + expected.Average(), actual.CrossEntropy, 1e-5);
        Assert.AreSequenceEqual(
            Enumerable.Range(0, 32).Select(n => n < 16 ? "" : s_text[n - 16].Split(' ')[0]), sentences);
    }

    [TestMethod]
    public void The_gap_closed_is_a_share_of_the_others_divergence()
    {
        var far = new TruthDivergence(1, [0.5, 1.5]);
        Assert.AreEqual(0.75, new TruthDivergence(1, [0.25, 0.25]).GapClosed(far));
        Assert.AreEqual(0, far.GapClosed(far));
        Assert.AreEqual(1, new TruthDivergence(1, [0, 0]).GapClosed(far));
    }

    [TestMethod]
    public void A_truth_that_is_no_distribution_over_the_words_is_refused()
    {
        Errors.AssertThrows<ArgumentException>(() => Measure(_ => [0.5, 0.5], 32), "2 numbers", "48 words");
        Errors.AssertThrows<ArgumentException>(() => Measure(_ => new double[V], 32), "the sum 0");
        Errors.AssertThrows<ArgumentException>(() => Measure(_ => [-1, 2, .. new double[V - 2]], 32), "48 numbers");
        Errors.AssertThrows<ArgumentException>(() => Measure(_ => Truth(0), 0), "Contexts is 0");
    }

    public void Dispose() => _model.Dispose();

    private static double[] Truth(int length) => [.. Enumerable.Range(0, V).Select(word => word % 4 == length % 4 ? 1 / 12.0 : 0)];

    private TruthDivergence Measure(Func<IReadOnlyList<string>, IReadOnlyList<double>> truth, int contexts) =>
        s_ml.LanguageModeling.MeasureDivergence(_model.Chain, s_ml.Texts(s_text), truth, new() { Contexts = contexts });
}
