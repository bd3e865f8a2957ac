using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Models;

/// <summary>One model on several GPUs, each of which stands for the CPU here and tells what it computes.</summary>
[TestClass]
public sealed class DevicesTests : IAsyncDisposable
{
    private readonly ModelFile _file = new();
    private readonly ConcurrentDictionary<int, List<long>> _passes = [];
    private readonly ConcurrentDictionary<int, bool> _broken = [];
    private readonly LogLines _log = new();
    private ServiceProvider? _provider;

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        _file.Dispose();
    }

    [TestMethod]
    public async Task Each_has_the_model_and_takes_its_share_of_texts_and_scores_are_those_of_one()
    {
        ILanguageModelScorer scorer = Serve([0, 3]).Scorer();
        Assert.AreSequenceEqual([0, 3], _passes.Keys.Order(), "both are loaded by their ids");
        Assert.AreEqual(2, scorer.Status.DeviceCount);
        TextScore[] expected = ModelFile.Expected(1, Scorers.Texts);
        int before = _passes.Values.Sum(passes => passes.Count);
        for (int round = 0; round < 200 && !_passes.Values.All(passes => passes.Count > before); round++)
        {
            TextScore[] scores = await Task.WhenAll(Scorers.Texts.Select(text => scorer.ScoreAsync(text).AsTask()));
            Scorers.AssertClose(expected, scores);
        }

        Assert.IsTrue(_passes.Values.All(passes => passes.Count > before), "one of them never took a batch");
    }

    [TestMethod]
    public async Task Completions_that_go_on_together_are_on_different_ones()
    {
        ILanguageModelCompleter completer = Serve([0, 1]).GetRequiredService<ILanguageModelCompleter>();
        var options = new CompletionOptions { Generation = new() { MaximumTokens = 100, StopAtEndOfSentence = false, Seed = 1 } };
        int[] before = Counts();
        await using IAsyncEnumerator<CompletionToken> first = completer.CompleteAsync("", options).GetAsyncEnumerator();
        Assert.IsTrue(await first.MoveNextAsync());
        int[] between = Counts();
        await using IAsyncEnumerator<CompletionToken> second = completer.CompleteAsync("", options).GetAsyncEnumerator();
        Assert.IsTrue(await second.MoveNextAsync());
        int[] after = Counts();
        Assert.IsTrue(between[0] > before[0] && between[1] == before[1], "the first on the first");
        Assert.IsTrue(after[0] == between[0] && after[1] > between[1], "the second on the other");
        Assert.AreEqual(first.Current.Token, second.Current.Token);

        int[] Counts() => [_passes[0].Count, _passes[1].Count];
    }

    [TestMethod]
    public async Task One_that_fails_is_left_alone_while_the_others_work()
    {
        ServiceProvider provider = Serve([0, 1]);
        ILanguageModelScorer scorer = provider.Scorer();
        _broken[1] = true;
        for (int i = 0; i < 1000 && scorer.Status.FailedDeviceCount == 0; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Outcome(scorer)));
        }

        Assert.AreEqual(1, scorer.Status.FailedDeviceCount);
        Assert.StartsWith("The GPU failed: CUDA error: unspecified launch failure.", scorer.Status.DeviceError!);
        Exception?[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Outcome(scorer)));
        Assert.IsTrue(outcomes.All(outcome => outcome is null));
        Assert.AreEqual((HealthStatus.Degraded, "1 of 2 GPUs failed, the log says how."), await Health(provider));
        var options = new CompletionOptions { Generation = new() { MaximumTokens = 100, StopAtEndOfSentence = false } };
        CompletionToken[] tokens =
            await provider.GetRequiredService<ILanguageModelCompleter>().CompleteAsync("a", options).Take(3).ToArrayAsync();
        Assert.HasCount(3, tokens, "completions go to one that works");
    }

    [TestMethod]
    public async Task The_only_one_that_fails_is_unhealthy_until_it_works_again()
    {
        ServiceProvider provider = Serve([0]);
        ILanguageModelScorer scorer = provider.Scorer();
        _broken[0] = true;
        Exception error = Assert.IsInstanceOfType<InvalidOperationException>(await Outcome(scorer));
        Assert.Contains("start again", error.InnerException!.Message);
        Assert.AreEqual((HealthStatus.Unhealthy, "The GPU failed, the log says how: start the process again."), await Health(provider));
        _broken[0] = false;
        Assert.IsNull(await Outcome(scorer));
        Assert.AreEqual(HealthStatus.Healthy, (await Health(provider)).Status);
        Assert.AreEqual(0, scorer.Status.FailedDeviceCount);
    }

    [TestMethod]
    public async Task Completions_that_fail_with_the_GPU_say_so_and_show_in_the_health()
    {
        ServiceProvider provider = Serve([0]);
        provider.Scorer();
        _broken[0] = true;
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await provider.GetRequiredService<ILanguageModelCompleter>().CompleteAsync("a").ToArrayAsync());
        Assert.StartsWith("The GPU failed: ", error.Message);
        Assert.AreEqual(HealthStatus.Unhealthy, (await Health(provider)).Status);
    }

    [TestMethod]
    public async Task A_batch_that_fails_with_the_GPU_is_not_tried_text_by_text_and_one_line_of_the_log_says_why()
    {
        ILanguageModelScorer scorer = Serve([0], batchSize: 64).Scorer();
        int before = _log.Lines.Length;
        _broken[0] = true;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await scorer.ScoreAsync(["a", "b", "c", "d"]));
        Assert.Contains("A batch of 4 could not be scored. The GPU failed", Assert.ContainsSingle(_log.Lines[before..]));
    }

    private static async Task<Exception?> Outcome(ILanguageModelScorer scorer)
    {
        try
        {
            await scorer.ScoreAsync("a b c");
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }

    private static async Task<(HealthStatus Status, string? Description)> Health(ServiceProvider provider)
    {
        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return (report.Status, report.Entries.Single().Value.Description);
    }

    private ServiceProvider Serve(int[] gpus, int batchSize = 1)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log));
        services.AddMixtureOfSoftmaxes(options =>
        {
            options.ModelPath = _file.Path;
            options.ReloadInterval = null;
            options.GpuDeviceIds = gpus;
            options.BatchSize = batchSize;
            options.LoadModel = Load;
        });
        services.AddHealthChecks().AddLanguageModel();
        return _provider = services.BuildServiceProvider();
    }

    private ITransformer Load(MLContext ml, string path)
    {
        int gpu = ml.GpuDeviceId!.Value;
        ITransformer model = new MLContext().LanguageModeling.Load(path, out _);
        _passes[gpu] = FailingDevice.Install(
            ModelChain.Find(model).Network, FailingDevice.Vanished, _ => !_broken.GetValueOrDefault(gpu));
        return model;
    }
}
