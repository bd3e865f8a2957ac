using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Batching;

[TestClass]
public sealed class QueueTests
{
    [TestMethod]
    public async Task A_full_queue_refuses_and_has_room_again_later()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Slow(file, capacity: 2);
        ILanguageModelScorer scorer = provider.Scorer();
        using var measurements = new Measurements(provider);

        // While the first text waits for its batch to fill, later ones stay in the queue.
        Task<TextScore> first = scorer.ScoreAsync("a").AsTask();
        await Scorers.Eventually(() => scorer.Status.QueueLength == 0, "the first text is taken");
        Task<TextScore> second = scorer.ScoreAsync("b").AsTask();
        ScorerQueueFullException error = await Assert.ThrowsExactlyAsync<ScorerQueueFullException>(
            async () => await scorer.ScoreAsync(["c", "d"]));
        Assert.Contains("1 texts wait", error.Message);
        Assert.AreEqual(1, scorer.Status.QueueLength, "Of the refused texts none is in the queue.");

        Task<TextScore> third = scorer.ScoreAsync("c").AsTask();
        await Assert.ThrowsExactlyAsync<ScorerQueueFullException>(async () => await scorer.ScoreAsync("d"));
        measurements.ReadObservables();
        Assert.AreSequenceEqual([2.0], measurements.Of("mos.scorer.queue.length"));
        HealthReport health = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.AreEqual(HealthStatus.Degraded, health.Status);

        Scorers.AssertClose(ModelFile.Expected(1, "a", "b", "c"), await Task.WhenAll(first, second, third));
        Assert.AreEqual(3, measurements.Sum("mos.scorer.texts rejected"));
        await scorer.ScoreAsync(["c", "d"]);
    }

    [TestMethod]
    public async Task More_texts_than_the_queue_can_hold_are_a_mistake_not_a_reason_to_wait()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path, options => options.QueueCapacity = 2);
        Errors.AssertThrows<ArgumentException>(
            () => provider.Scorer().ScoreAsync(["a", "b", "c"]).AsTask().GetAwaiter().GetResult(),
            "3 texts",
            "2",
            "QueueCapacity");
    }

    [TestMethod]
    public async Task A_cancelled_caller_is_released_at_once_and_its_text_is_not_scored()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Slow(file, capacity: 100);
        ILanguageModelScorer scorer = provider.Scorer();
        using var measurements = new Measurements(provider);
        using var cancellation = new CancellationTokenSource();

        Task<TextScore> kept = scorer.ScoreAsync("a").AsTask();
        Task<IReadOnlyList<TextScore>> cancelled = scorer.ScoreAsync(["b", "c"], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled);
        Assert.AreEqual(cancellation.Token, error.CancellationToken);
        Assert.IsFalse(kept.IsCompleted, "The caller is released while the batch still waits.");

        Scorers.AssertClose(ModelFile.Expected(1, "a")[0], await kept);
        await provider.DisposeAsync();
        Assert.AreEqual(1, measurements.Sum("mos.scorer.batch.size"));
        Assert.AreEqual(2, measurements.Sum("mos.scorer.texts cancelled"));
    }

    [TestMethod]
    public async Task A_token_cancelled_before_the_call_puts_nothing_into_the_queue()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Slow(file, capacity: 1);
        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await provider.Scorer().ScoreAsync("a", new CancellationToken(canceled: true)));
        Assert.AreEqual(0, provider.Scorer().Status.QueueLength);
    }

    private static ServiceProvider Slow(ModelFile file, int capacity)
    {
        var services = new ServiceCollection();
        services.AddMixtureOfSoftmaxes(options =>
        {
            options.ModelPath = file.Path;
            options.QueueCapacity = capacity;
            options.Linger = Scorers.LongLinger;
        });
        services.AddHealthChecks().AddLanguageModel();
        return services.BuildServiceProvider();
    }
}
