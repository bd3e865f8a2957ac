using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Evaluation;

[TestClass]
public sealed class IntervalTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Blocks_of_rows_that_go_together_have_the_interval_of_as_many_rows_as_there_are_blocks()
    {
        // Eight rows after each other have one loss of a normal law; the error of the mean is that of 300 draws, not of 2,400.
        double[] losses = [.. Numbers.Gaussian(new Random(4), 300, 0.5).Select(x => x + 4)];
        double mean = losses.Average(), error = Math.Sqrt(losses.Average(x => (x - mean) * (x - mean)) / 300);
        IDataView rows = Rows(2_400, row => ((float)-losses[row / 8], 1));
        AssertHalfWidth(1.96 * error, new() { BlockLength = 8, Resamples = 4_000 });
        AssertHalfWidth(1.96 * error / Math.Sqrt(8), new() { BlockLength = 1, Resamples = 4_000 });
        AssertHalfWidth(1.2816 * error, new() { BlockLength = 8, Resamples = 4_000, Confidence = 0.8 });

        void AssertHalfWidth(double expected, BootstrapOptions options)
        {
            ConfidenceInterval interval = _ml.LanguageModeling.Evaluate(rows, bootstrap: options).PerplexityInterval!.Value;
            Assert.AreEqual(mean - expected, Math.Log(interval.Low), 0.12 * error);
            Assert.AreEqual(mean + expected, Math.Log(interval.High), 0.12 * error);
        }
    }

    [TestMethod]
    [DataRow(ScoringContext.Row, 1)]
    [DataRow(ScoringContext.Stream, 5)]
    public void The_context_that_the_model_scored_in_decides_over_the_length_of_blocks(ScoringContext context, int length)
    {
        string[] texts = [.. TinyModel.ValidationSentences.Take(100)];
        ITransformer model = TinyModel.Untrained(new() { Context = context });
        Assert.AreEqual(Interval(length), Interval(null));
        Assert.AreNotEqual(Interval(length + 1), Interval(null));

        ConfidenceInterval? Interval(int? blockLength) => _ml.LanguageModeling.Evaluate(
            model.Transform(_ml.Texts(texts)), bootstrap: new() { BlockLength = blockLength }).PerplexityInterval;
    }

    [TestMethod]
    public void Each_measure_has_an_interval_of_its_own()
    {
        // A uniform model of bytes: whatever is drawn, its perplexity by byte is 258, and that by word is not the same.
        string[] texts = ["a bb ccc", "dd e", "", "fffff", "g hh"];
        LanguageModelMetrics metrics = _ml.LanguageModeling.Evaluate(UniformModel.OfBytes().Transform(_ml.Texts(texts)), textColumnName: "Text");
        foreach (ConfidenceInterval? interval in new[] { metrics.PerplexityInterval, metrics.BytePerplexityInterval })
        {
            Assert.AreEqual(258, interval!.Value.Low, 1e-3);
            Assert.AreEqual(258, interval.Value.High, 1e-3);
        }

        Assert.IsLessThan(metrics.WordPerplexity!.Value, metrics.WordPerplexityInterval!.Value.Low);
        Assert.IsGreaterThan(metrics.WordPerplexity!.Value, metrics.WordPerplexityInterval!.Value.High);
        Assert.IsNull(metrics.WithoutRowEnds().WordPerplexityInterval, "these are by another length");
    }

    [TestMethod]
    public void One_block_has_none_and_rows_in_which_nothing_counts_do_no_harm()
    {
        Assert.IsNull(_ml.LanguageModeling.Evaluate(Rows(1, _ => (-3, 2))).PerplexityInterval);
        Assert.IsNull(_ml.LanguageModeling.Evaluate(Rows(9, _ => (-3, 2)), bootstrap: new() { BlockLength = 9 }).PerplexityInterval);
        ConfidenceInterval interval = _ml.LanguageModeling.Evaluate(Rows(50, row => row == 7 ? (-3, 2) : (0, 0))).PerplexityInterval!.Value;
        Assert.AreEqual(Math.Exp(1.5), interval.Low, 1e-9);
        Assert.AreEqual(Math.Exp(1.5), interval.High, 1e-9);
    }

    [TestMethod]
    public void Options_out_of_their_range_are_named()
    {
        IDataView rows = Rows(3, _ => (-3, 2));
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.Evaluate(rows, bootstrap: new() { Resamples = 99 }), "Resamples", "99");
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.Evaluate(rows, bootstrap: new() { BlockLength = 0 }), "BlockLength", "0");
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.Evaluate(rows, bootstrap: new() { Confidence = 1 }), "Confidence", "1");
    }

    private static HandMadeView Rows(int count, Func<long, (float LogLikelihood, int Tokens)> row) => new HandMadeView(count)
        .Add("LogLikelihood", NumberDataViewType.Single, i => row(i).LogLikelihood)
        .Add("TokenCount", NumberDataViewType.Int32, i => row(i).Tokens)
        .Add("OutOfVocabularyCount", NumberDataViewType.Int32, _ => 0);
}
