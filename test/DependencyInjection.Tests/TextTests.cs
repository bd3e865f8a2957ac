using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests;

/// <summary>Any text gets a score or a clear error, and the next caller is served.</summary>
[TestClass]
public sealed class TextTests
{
    [TestMethod]
    public async Task Null_is_refused_and_named()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path);
        ILanguageModelScorer scorer = provider.Scorer();
        await Assert.ThrowsExactlyAsync<ArgumentNullException>(async () => await scorer.ScoreAsync((string)null!));
        await Assert.ThrowsExactlyAsync<ArgumentNullException>(async () => await scorer.ScoreAsync((string[])null!));
        ArgumentException error = await Assert.ThrowsExactlyAsync<ArgumentException>(
            async () => await scorer.ScoreAsync(["a", null!, "b"]));
        Assert.Contains("Text 1 is null", error.Message);
        await AssertServes(scorer);
    }

    [TestMethod]
    public async Task An_empty_text_is_the_end_of_a_sentence()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path);
        TextScore score = await provider.Scorer().ScoreAsync("");
        Assert.AreEqual(1, score.TokenCount);
        Scorers.AssertClose(ModelFile.Expected(1, "")[0], score);
    }

    [TestMethod]
    public async Task Odd_characters_make_unknown_words()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path);
        string[] texts = ["\ud800", "\udc00 a \ud800", "\0", "a\r\nb\u2028c", "👩‍👩‍👧"];
        IReadOnlyList<TextScore> scores = await provider.Scorer().ScoreAsync(texts);
        Assert.AreSequenceEqual([1, 2, 1, 0, 1], scores.Select(score => score.OutOfVocabularyCount));
        Assert.IsTrue(scores.All(score => double.IsFinite(score.Perplexity)));
        await AssertServes(provider.Scorer());
    }

    [TestMethod]
    public async Task A_megabyte_is_refused_by_default_and_scored_whole_if_allowed()
    {
        string text = string.Concat(Enumerable.Repeat(new string('z', 97) + " c ", 10_000));
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path);
        ArgumentException error = await Assert.ThrowsExactlyAsync<ArgumentException>(
            async () => await provider.Scorer().ScoreAsync(text));
        Assert.Contains("1000000 characters", error.Message);
        Assert.Contains("MaximumTextLength", error.Message);
        await AssertServes(provider.Scorer());

        await using ServiceProvider large = Scorers.Provide(file.Path, options => options.MaximumTextLength = int.MaxValue);
        Task<TextScore> megabyte = large.Scorer().ScoreAsync(text).AsTask();
        await AssertServes(large.Scorer());
        TextScore score = await megabyte;
        Assert.AreEqual(20_001, score.TokenCount);
        Assert.AreEqual(10_000, score.OutOfVocabularyCount);
    }

    private static async Task AssertServes(ILanguageModelScorer scorer) =>
        Scorers.AssertClose(ModelFile.Expected(1, "a b")[0], await scorer.ScoreAsync("a b"));
}
