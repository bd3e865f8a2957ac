using Microsoft.ML.MixtureOfSoftmaxes.Analysis;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Comparison;

[TestClass]
public sealed class PairwiseDivergenceTests
{
    [TestMethod]
    [DataRow(LanguageModelHead.Softmax)]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes)]
    public void It_is_the_mean_over_all_pairs(LanguageModelHead head)
    {
        using var model = new KnownModel(head);
        string[] text = KnownModel.Text(rows: 8);
        var contexts = new ContextSample(AnalyzedText.Read(model.Chain, new MLContext().Texts(text), default), 32);
        double actual = PairwiseDivergence.Measure(model.Network, contexts, _ => { }, default);

        // 80 tokens in 16 columns of 5; 32 contexts are the first two of each.
        int[] stream = KnownModel.Stream(text);
        double[][] rows = [.. Enumerable.Range(0, 16).SelectMany(column => model.Walk(stream, 5 * column, 2))];
        double sum = 0;
        foreach (double[] p in rows)
        {
            foreach (double[] q in rows)
            {
                sum += p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum();
            }
        }

        double expected = sum / (32 * 31);
        Assert.AreEqual(expected, actual, 1e-4 * expected);
    }
}
