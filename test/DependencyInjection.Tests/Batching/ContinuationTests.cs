using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Batching;

/// <summary>Texts given a context, among the texts of other callers.</summary>
[TestClass]
public sealed class ContinuationTests
{
    [TestMethod]
    public async Task They_share_batches_with_texts_and_get_their_own_scores()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path, options =>
        {
            options.Linger = TimeSpan.FromMilliseconds(200);
            options.IncludeTokens = true;
        });
        ILanguageModelScorer scorer = provider.Scorer();
        Task<IReadOnlyList<TextScore>> given = scorer.ScoreAsync("a b", ["c", "d e", "c"]).AsTask();
        Task<IReadOnlyList<TextScore>> texts = scorer.ScoreAsync(["a b c", "a b d e"]).AsTask();
        Task<IReadOnlyList<TextScore>> refused = scorer.ScoreAsync("a b", ["c", ""]).AsTask();

        // By the chain rule they are what is left of the whole text when the context's own tokens are taken away.
        double[] expected = [.. (await texts).Select(text => text.Tokens.Skip(2).Sum(token => (double)token.LogLikelihood))];
        Assert.AreEqual(expected[0], (await given)[0].LogLikelihood, 1e-5);
        Assert.AreEqual(expected[1], (await given)[1].LogLikelihood, 1e-5);
        Assert.AreEqual(expected[0], (await given)[2].LogLikelihood, 1e-5);
        Assert.IsTrue((await given).All(score => score.IsGreedy is not null));

        ArgumentException error = await Assert.ThrowsExactlyAsync<ArgumentException>(() => refused);
        Assert.Contains("Continuation 1 cannot be scored", error.Message);
    }

    [TestMethod]
    public async Task Each_continuation_takes_a_place_in_the_queue()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path, options =>
        {
            options.Linger = Scorers.LongLinger;
            options.QueueCapacity = 4;
        });
        ILanguageModelScorer scorer = provider.Scorer();
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => scorer.ScoreAsync("a", ["b", "b", "b", "b", "b"]).AsTask());
        Task<TextScore> first = scorer.ScoreAsync("a").AsTask();
        await Scorers.Eventually(() => scorer.Status.QueueLength == 0, "the first text leaves the queue");
        Task<IReadOnlyList<TextScore>> three = scorer.ScoreAsync("a", ["b", "c", "d"]).AsTask();
        Assert.AreEqual(3, scorer.Status.QueueLength);
        await Assert.ThrowsExactlyAsync<ScorerQueueFullException>(() => scorer.ScoreAsync("a", ["b", "c"]).AsTask());
        await first;
        Assert.HasCount(3, await three);
        Assert.AreEqual(0, scorer.Status.QueueLength);
    }

    [TestMethod]
    public async Task What_is_null_or_too_long_is_refused_by_name()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path, options => options.MaximumTextLength = 3);
        ILanguageModelScorer scorer = provider.Scorer();
        Assert.Contains("The context has 4 characters", await MessageAsync("a bc", ["b"]));
        Assert.Contains("Text 1 has 5 characters", await MessageAsync("a", ["b", "b b b"]));
        Assert.Contains("Text 0 is null", await MessageAsync("a", [null!]));
        Assert.Contains("The context is empty", await MessageAsync("", ["b"]));
        await Assert.ThrowsExactlyAsync<ArgumentNullException>(() => scorer.ScoreAsync(null!, ["a"]).AsTask());

        async Task<string> MessageAsync(string context, string[] continuations) => (await Assert.ThrowsExactlyAsync<ArgumentException>(
            () => scorer.ScoreAsync(context, continuations).AsTask())).Message;
    }
}
