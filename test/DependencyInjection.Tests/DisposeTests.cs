using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests;

[TestClass]
public sealed class DisposeTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task What_was_let_in_is_scored_and_nothing_is_let_in_after(bool isAsync)
    {
        using var file = new ModelFile();
        ServiceProvider provider = Scorers.Provide(file.Path, options => options.Linger = Scorers.LongLinger);
        ILanguageModelScorer scorer = provider.Scorer();
        Task<TextScore>[] waiting = [.. Scorers.Texts.Select(text => scorer.ScoreAsync(text).AsTask())];

        Task disposing = isAsync ? provider.DisposeAsync().AsTask() : Task.Run(provider.Dispose);
        await Scorers.Eventually(
            () => scorer.ScoreAsync("a").AsTask() is { IsFaulted: true, Exception.InnerException: ObjectDisposedException },
            "new texts are refused");
        await disposing;

        Scorers.AssertClose(ModelFile.Expected(1, Scorers.Texts), await Task.WhenAll(waiting));
        await ((IAsyncDisposable)scorer).DisposeAsync();
    }

    [TestMethod]
    public async Task Callers_who_race_with_the_end_get_a_score_or_are_told_so()
    {
        using var file = new ModelFile();
        TextScore expected = ModelFile.Expected(1, "a b")[0];
        for (int round = 0; round < 10; round++)
        {
            ServiceProvider provider = Scorers.Provide(
                file.Path, options => options.ReloadInterval = TimeSpan.FromMilliseconds(1));
            ILanguageModelScorer scorer = provider.Scorer();
            Task[] callers =
            [
                .. Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
                {
                    try
                    {
                        while (true)
                        {
                            Scorers.AssertClose(expected, await scorer.ScoreAsync("a b"));
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                        // The scorer is shut down.
                    }
                })),
            ];
            await Task.Delay(round * 3);
            file.Write(ModelFile.Bytes(seed: 1));
            await Task.WhenAll(provider.DisposeAsync().AsTask(), Task.Run(provider.Dispose));
            await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(20));
        }
    }
}
