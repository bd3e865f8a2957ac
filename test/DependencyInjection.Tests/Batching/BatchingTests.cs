using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Batching;

[TestClass]
public sealed class BatchingTests
{
    [TestMethod]
    public async Task Thirty_two_callers_get_what_each_would_get_alone()
    {
        using var file = new ModelFile();
        TextScore[] expected = ModelFile.Expected(1, Scorers.Texts);
        await using ServiceProvider provider = Scorers.Provide(file.Path);
        ILanguageModelScorer scorer = provider.Scorer();
        using var measurements = new Measurements(provider);

        await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                int text = (caller + i) % Scorers.Texts.Length;
                Scorers.AssertClose(expected[text], await scorer.ScoreAsync(Scorers.Texts[text]));
            }
        })));
        await provider.DisposeAsync();

        double[] batches = measurements.Of("mos.scorer.batch.size");
        Assert.AreEqual(32 * 20, batches.Sum());
        Assert.IsGreaterThan(1, batches.Max());
        Assert.AreEqual(32 * 20, measurements.Sum("mos.scorer.texts scored"));
        Assert.AreEqual(20 * 32 / 8 * expected.Sum(score => score.TokenCount), measurements.Sum("mos.scorer.tokens"));
        Assert.HasCount(32 * 20, measurements.Of("mos.scorer.duration"));
    }

    [TestMethod]
    public async Task Several_texts_of_one_caller_keep_their_order()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path, options => options.BatchSize = 3);
        Scorers.AssertClose(ModelFile.Expected(1, Scorers.Texts), await provider.Scorer().ScoreAsync(Scorers.Texts));
        Assert.IsEmpty(await provider.Scorer().ScoreAsync([]));
    }

    [TestMethod]
    public async Task Batches_keep_to_the_number_of_texts_and_characters()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path, options =>
        {
            options.BatchSize = 3;
            options.BatchCharacters = 7;
            options.Linger = Scorers.LongLinger;
        });
        ILanguageModelScorer scorer = provider.Scorer();
        using var measurements = new Measurements(provider);

        await scorer.ScoreAsync(["a", "b", "c", "d", "a b c", "e f g", "a b c d e", "a"]);
        await provider.DisposeAsync();

        // Three texts of 1 character; 1 + 5, since 5 more would be too many; 5; 9, which goes alone; 1.
        Assert.AreSequenceEqual([3.0, 2, 1, 1, 1], measurements.Of("mos.scorer.batch.size"));
    }

    [TestMethod]
    public async Task Tokens_are_those_of_each_text_alone_if_they_are_asked_for()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path, options => options.IncludeTokens = true);
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(file.Path, out _);
        TextScore[] expected = [.. Scorers.Texts.Select(text => ml.LanguageModeling.Score(model, [text]).Single())];
        IReadOnlyList<TextScore> actual = await provider.Scorer().ScoreAsync(Scorers.Texts);
        Scorers.AssertClose(expected, actual);
        Assert.AreSequenceEqual(["c", "<unk>", "c", "<unk>", "<eos>"], actual[^1].Tokens.Select(token => token.Token));
    }

    [TestMethod]
    public async Task Each_text_is_scored_by_itself_whatever_context_the_model_was_saved_with()
    {
        using var file = new ModelFile();
        file.Write(ModelFile.Bytes(1, new ScoringOptions { Context = ScoringContext.Stream, LogLikelihoodColumnName = "L" }));
        await using ServiceProvider provider = Scorers.Provide(file.Path);
        Scorers.AssertClose(ModelFile.Expected(1, Scorers.Texts), await provider.Scorer().ScoreAsync(Scorers.Texts));
    }
}
