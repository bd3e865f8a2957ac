using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Batching;

[TestClass]
public sealed class BatchRunnerTests
{
    [TestMethod]
    public void A_text_that_cannot_be_scored_fails_alone()
    {
        ScoreRequest[] batch = Run(
            texts => texts.Contains("bad") ? throw new ArgumentException("bad") : [.. texts.Select(Score)],
            "a", "bb", "bad", "cccc", "bad", "ddddd", "e");

        Assert.AreSequenceEqual(
            ["1", "2", "bad", "4", "bad", "5", "1"],
            batch.Select(r => r.Result.IsFaulted ? Cause(r).Message : $"{r.Result.Result.TokenCount}"));

        // What a caller may take for an error of its own, such as an ArgumentException, comes as the error that callers are promised.
        static Exception Cause(ScoreRequest request) =>
            Assert.IsInstanceOfType<InvalidOperationException>(request.Result.Exception!.InnerException).InnerException!;
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.NegativeInfinity)]
    public void A_score_that_is_no_number_is_an_error_of_that_text(double logLikelihood)
    {
        ScoreRequest[] batch = Run(
            texts => [.. texts.Select(text => text == "bad" ? Score(text) with { LogLikelihood = logLikelihood } : Score(text))],
            "a",
            "bad");

        Assert.IsTrue(batch[0].Result.IsCompletedSuccessfully);
        Assert.IsInstanceOfType<InvalidOperationException>(batch[1].Result.Exception!.InnerException);
    }

    private static TextScore Score(string text) => new(-text.Length, text.Length, 0, Math.E, 1 / Math.Log(2), []);

    private static ScoreRequest[] Run(Func<IEnumerable<string>, IReadOnlyList<TextScore>> score, params string[] texts)
    {
        using ServiceProvider provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new ScorerMetrics(provider.GetRequiredService<IMeterFactory>(), null, () => 0);
        ScoreRequest[] batch = [.. texts.Select(text => new ScoreRequest(text))];
        new BatchRunner(score, (_, texts) => score(texts), metrics, NullLogger.Instance).Run(batch);
        return batch;
    }
}
