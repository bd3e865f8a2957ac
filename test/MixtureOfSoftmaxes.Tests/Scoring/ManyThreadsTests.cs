using System.Collections.Concurrent;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring;

/// <summary>One model for many threads: each gets what one thread alone gets, bit by bit.</summary>
[TestClass]
public sealed class ManyThreadsTests
{
    private const int ThreadCount = 32;

    private static readonly int s_rows = LongTests.Choose(60, 1_890);

    private readonly MLContext _ml = new();
    private readonly ITransformer _model = TinyModel.Untrained();
    private readonly string[] _texts = Texts();

    [TestMethod]
    public void Views_of_one_transformer_score_as_one_view()
    {
        float[] expected = [.. _ml.Score(_model, _texts).Select(row => row.LogLikelihood)];
        IDataView view = _model.Transform(_ml.Texts(_texts));
        OnEachThread(thread =>
        {
            // Half of the threads read one view with cursors of their own.
            ScoredRow[] rows = thread % 2 == 0
                ? _ml.Score(_model, _texts)
                : [.. _ml.Data.CreateEnumerable<ScoredRow>(view, reuseRowObject: false)];
            Assert.AreSequenceEqual(expected, rows.Select(row => row.LogLikelihood));
        });
    }

    [TestMethod]
    public void Prediction_engines_of_a_pool_score_as_one_engine()
    {
        PredictionEngine<TextRow, ScoredRow> NewEngine() => _ml.Model.CreatePredictionEngine<TextRow, ScoredRow>(_model);
        using PredictionEngine<TextRow, ScoredRow> one = NewEngine();
        float[] expected = [.. _texts.Select(text => one.Predict(new() { Text = text }).LogLikelihood)];
        var pool = new ConcurrentBag<PredictionEngine<TextRow, ScoredRow>>();
        OnEachThread(thread =>
        {
            for (int i = 0; i < _texts.Length; i++)
            {
                int row = (i + thread) % _texts.Length;
                PredictionEngine<TextRow, ScoredRow> engine = pool.TryTake(out PredictionEngine<TextRow, ScoredRow>? free) ? free : NewEngine();
                Assert.AreEqual(expected[row], engine.Predict(new() { Text = _texts[row] }).LogLikelihood, $"row {row}");
                pool.Add(engine);
            }
        });
        Assert.IsGreaterThan(1, pool.Count, "Threads scored at the same time.");
        foreach (PredictionEngine<TextRow, ScoredRow> engine in pool)
        {
            engine.Dispose();
        }
    }

    private static string[] Texts()
    {
        var random = new Random(1);
        return
        [
            .. Enumerable.Range(0, s_rows).Select(_ => string.Join(
                ' ', Numbers.Ids(random, random.Next(12), TinyModel.Words.Length).Select(id => TinyModel.Words[id]))),
        ];
    }

    private static void OnEachThread(Action<int> work)
    {
        var errors = new ConcurrentQueue<Exception>();
        Thread[] threads =
        [
            .. Enumerable.Range(0, ThreadCount).Select(thread => new Thread(() =>
            {
                try
                {
                    work(thread);
                }
                catch (Exception e)
                {
                    errors.Enqueue(e);
                }
            })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.IsEmpty(errors, errors.FirstOrDefault()?.Message);
    }
}
