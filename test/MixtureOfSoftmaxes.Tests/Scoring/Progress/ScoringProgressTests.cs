using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Progress;

/// <summary>What the handlers of whole works are told.</summary>
[TestClass]
public sealed class ScoringProgressTests
{
    private readonly MLContext _ml = new();
    private readonly List<ScoringProgress> _reports = [];

    [TestMethod]
    public void Speed_and_time_left_follow_from_counts_and_time()
    {
        var progress = new ScoringProgress(250, 1000, 5000, TimeSpan.FromSeconds(10));
        Assert.AreEqual(500, progress.TokensPerSecond, 1e-9);
        Assert.AreEqual(TimeSpan.FromSeconds(30), progress.Remaining);
        Assert.AreEqual(TimeSpan.Zero, (progress with { Rows = 1000 }).Remaining);
        Assert.IsNull((progress with { Rows = 0 }).Remaining);
        Assert.IsNull((progress with { TotalRows = null }).Remaining);
        Assert.AreEqual(0, (progress with { Elapsed = TimeSpan.Zero }).TokensPerSecond);
    }

    [TestMethod]
    public void A_reader_tells_the_time_that_has_passed_since_it_began()
    {
        var time = new ManualTime();
        var progress = new RowProgress(new Direct<ScoringProgress>(_reports.Add), 2, time);
        time.Pass(4);
        progress.Add(BatchedCursor.MaxTokens);
        time.Pass(2);
        progress.Add(1);
        progress.End();
        Assert.AreSequenceEqual(
            [
                new(1, 2, BatchedCursor.MaxTokens, TimeSpan.FromSeconds(4)),
                new(2, 2, BatchedCursor.MaxTokens + 1, TimeSpan.FromSeconds(6)),
            ],
            _reports);
    }

    [TestMethod]
    public void Evaluation_tells_of_batches_of_rows_and_of_the_end()
    {
        Evaluate(Rows(2500, tokens: 2));
        Assert.AreSequenceEqual([1024L, 2048, 2500], _reports.Select(report => report.Rows));
        Assert.AreSequenceEqual([2048L, 4096, 5000], _reports.Select(report => report.Tokens));
        Assert.IsTrue(_reports.All(report => report.TotalRows == 2500));
        Assert.IsTrue(_reports.Zip(_reports.Skip(1)).All(pair => pair.First.Elapsed <= pair.Second.Elapsed));
        Assert.AreEqual(TimeSpan.Zero, _reports[^1].Remaining);
    }

    [TestMethod]
    public void Long_rows_make_batches_of_fewer()
    {
        Evaluate(Rows(5, tokens: 40_000));
        Assert.AreSequenceEqual([2L, 4, 5], _reports.Select(report => report.Rows));
    }

    [TestMethod]
    public void Rows_that_nobody_has_counted_have_no_total()
    {
        Evaluate(_ml.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(_ => new ScoredRow { LogLikelihood = -1, TokenCount = 1 })));
        ScoringProgress report = Assert.ContainsSingle(_reports);
        Assert.AreEqual(10, report.Rows);
        Assert.IsNull(report.TotalRows);
        Assert.IsNull(report.Remaining);
    }

    [TestMethod]
    public void Scoring_of_texts_tells_of_them_whether_they_were_counted_or_not()
    {
        IEnumerable<string> texts = Enumerable.Range(0, 1500).Select(_ => "a b");
        _ml.LanguageModeling.Score(TinyModel.Untrained(), texts, progress: new Direct<ScoringProgress>(_reports.Add));
        Assert.AreSequenceEqual([1024L, 1500], _reports.Select(report => report.Rows));
        Assert.AreSequenceEqual([3 * 1024L, 3 * 1500], _reports.Select(report => report.Tokens));
        Assert.IsTrue(_reports.All(report => report.TotalRows == 1500));
    }

    [TestMethod]
    public void Work_cancelled_by_its_handler_ends_there()
    {
        using var evaluation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => _ml.LanguageModeling.Evaluate(
            Rows(5000, tokens: 1), progress: Cancelling(evaluation), cancellationToken: evaluation.Token));
        using var scoring = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => _ml.LanguageModeling.Score(
            TinyModel.Untrained(), Enumerable.Repeat("a", 5000), progress: Cancelling(scoring), cancellationToken: scoring.Token));
        Assert.AreSequenceEqual([1024L, 1024], _reports.Select(report => report.Rows));
        Assert.Throws<OperationCanceledException>(() => _ml.LanguageModeling.Evaluate(
            Rows(1, tokens: 1).Add("Text", TextDataViewType.Instance, _ => "a".AsMemory()), textColumnName: "Text",
            cancellationToken: new CancellationToken(canceled: true)));

        Direct<ScoringProgress> Cancelling(CancellationTokenSource source) => new(report =>
        {
            _reports.Add(report);
            source.Cancel();
        });
    }

    private static HandMadeView Rows(int count, int tokens) => new HandMadeView(count)
        .Add("LogLikelihood", NumberDataViewType.Single, _ => -1f)
        .Add("TokenCount", NumberDataViewType.Int32, _ => tokens)
        .Add("OutOfVocabularyCount", NumberDataViewType.Int32, _ => 0);

    private void Evaluate(IDataView rows) => _ml.LanguageModeling.Evaluate(rows, progress: new Direct<ScoringProgress>(_reports.Add));
}
