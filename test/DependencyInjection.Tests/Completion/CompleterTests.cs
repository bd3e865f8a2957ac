using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Completion;

[TestClass]
public sealed class CompleterTests
{
    private static readonly CompletionOptions s_prompt = new() { Generation = null, ScorePrompt = true };
    private static readonly CompletionOptions s_endless =
        new() { Generation = new() { MaximumTokens = int.MaxValue, StopAtEndOfSentence = false, Seed = 1 } };

    [TestMethod]
    public async Task Prompts_of_many_callers_are_scored_together_and_each_as_if_alone()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path, options => options.Linger = TimeSpan.FromMilliseconds(50));
        ILanguageModelCompleter completer = provider.GetRequiredService<ILanguageModelCompleter>();
        using var measurements = new Measurements(provider);
        var ml = new MLContext();
        ITransformer model = ModelZip.Load(ModelFile.Bytes(1));
        string[] texts = [.. Scorers.Texts.Where(text => text.Length > 0)];
        await Task.WhenAll(Enumerable.Range(0, 4 * texts.Length).Select(async i =>
        {
            string text = texts[i % texts.Length];
            CompletionToken[] tokens = await completer.CompleteAsync(
                text, s_prompt with { AlternativeCount = i % 3 }).ToArrayAsync();
            Assert.AreEqual(text, string.Concat(tokens.Select(token => token.Text)));
            foreach ((TokenScore expected, CompletionToken token) in ml.LanguageModeling.Score(model, [text]).Single().Tokens.Zip(tokens))
            {
                Assert.AreEqual(expected.LogLikelihood, token.LogProbability!.Value, 1e-5);
                Assert.AreEqual(expected.Token, token.Token.Trim());
                Assert.HasCount(i % 3, token.Alternatives);
            }
        }));
        await provider.DisposeAsync();
        Assert.AreEqual(4 * texts.Length, measurements.Of("mos.scorer.batch.size").Sum());
        Assert.IsGreaterThan(1, measurements.Of("mos.scorer.batch.size").Max());
    }

    [TestMethod]
    public async Task A_completion_ends_with_the_model_that_it_began_with()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(
            file.Path, options => options.ReloadInterval = TimeSpan.FromMilliseconds(20));
        var options = new CompletionOptions { Generation = new() { MaximumTokens = 30, StopAtEndOfSentence = false, Seed = 4 } };
        List<string> words = [];
        await foreach (CompletionToken token in provider.GetRequiredService<ILanguageModelCompleter>().CompleteAsync("a b", options))
        {
            words.Add(token.Token.Trim());
            if (words.Count == 5)
            {
                DateTimeOffset loaded = provider.Scorer().Status.ModelLoaded;
                file.Write(ModelFile.Bytes(2));
                await Scorers.Eventually(() => provider.Scorer().Status.ModelLoaded != loaded, "the new model is loaded");
            }
        }

        var generator = new MLContext().LanguageModeling.CreateTextGenerator(ModelZip.Load(ModelFile.Bytes(1)), options.Generation);
        Assert.AreSequenceEqual(["a", "b", .. generator.Generate("a b").Select(word => word.Word)], words);
        Scorers.AssertClose(ModelFile.Expected(2, "a"), [await provider.Scorer().ScoreAsync("a")]);
    }

    [TestMethod]
    public async Task Texts_are_scored_while_others_are_generated_without_end()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path);
        ILanguageModelCompleter completer = provider.GetRequiredService<ILanguageModelCompleter>();
        using var stop = new CancellationTokenSource();
        int generated = 0;
        Task[] endless = [.. Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(async _ =>
        {
            await foreach (CompletionToken token in completer.CompleteAsync("a", s_endless, stop.Token))
            {
                Interlocked.Increment(ref generated);
            }
        })];
        await Scorers.Eventually(() => Volatile.Read(ref generated) > 20, "texts are generated");
        for (int i = 0; i < 20; i++)
        {
            Scorers.AssertClose(ModelFile.Expected(1, "a b c"), [await provider.Scorer().ScoreAsync("a b c")]);
        }

        int before = Volatile.Read(ref generated);
        await Scorers.Eventually(() => Volatile.Read(ref generated) > before, "the others go on");
        await stop.CancelAsync();
        foreach (Task task in endless)
        {
            await Assert.ThrowsAsync<OperationCanceledException>(() => task);
        }
    }

    [TestMethod]
    public async Task Options_out_of_range_and_tokens_that_are_not_there_are_named()
    {
        using var file = new ModelFile();
        await using ServiceProvider provider = Scorers.Provide(file.Path);
        ILanguageModelCompleter completer = provider.GetRequiredService<ILanguageModelCompleter>();
        await AssertRefused(completer.CompleteAsync("a", new() { AlternativeCount = 101 }), "AlternativeCount is 101; it must be from 0 to 100");
        await AssertRefused(completer.CompleteAsync("a", new() { Generation = new() { MaximumTokens = 0 } }), "MaximumTokens is 0");
        await AssertRefused(completer.CompleteAsync([5, 13]), "Token 1 of the prompt is 13; the model's tokens are from 0 to 12");
        await provider.DisposeAsync();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () => await completer.CompleteAsync("a").ToArrayAsync());
    }

    [TestMethod]
    public async Task Models_of_several_names_stand_side_by_side()
    {
        using ModelFile one = new(seed: 1), two = new(seed: 2);
        await using ServiceProvider provider = new ServiceCollection()
            .AddKeyedMixtureOfSoftmaxes("one", options => options.ModelPath = one.Path)
            .AddKeyedMixtureOfSoftmaxes("two", options => options.ModelPath = two.Path)
            .AddKeyedMixtureOfSoftmaxes("bad", options => options.BatchSize = 0)
            .BuildServiceProvider();
        foreach ((string name, int seed) in new[] { ("one", 1), ("two", 2) })
        {
            TextScore score = await provider.GetRequiredKeyedService<ILanguageModelScorer>(name).ScoreAsync("a b");
            Scorers.AssertClose(ModelFile.Expected(seed, "a b"), [score]);
        }

        OptionsValidationException error = Assert.ThrowsExactly<OptionsValidationException>(
            () => provider.GetRequiredKeyedService<ILanguageModelCompleter>("bad"));
        Assert.Contains("Model 'bad': BatchSize is 0", error.Failures.Last());
    }

    private static async Task AssertRefused(IAsyncEnumerable<CompletionToken> tokens, string message)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(async () => await tokens.ToArrayAsync());
        Assert.Contains(message, error.Message);
    }
}
