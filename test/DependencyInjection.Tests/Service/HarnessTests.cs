using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>The requests that lm-evaluation-harness' local-completions sends, and what it makes of the answers.</summary>
[TestClass]
public sealed class HarnessTests
{
    private const int End = 1;

    [TestMethod]
    public async Task The_log_likelihood_of_a_continuation_is_read_off_an_echo_with_one_token_more()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);

        // Contexts of 2, 1 and 1 tokens, the last one only the mark, which stands for no context.
        int[][] prompts = [[2, 3, 4, 5], [6, 2], [End, 3, 4]];
        JsonNode answer = await service.CompleteAsync(new
        {
            model = "model",
            prompt = prompts,
            temperature = 0,
            max_tokens = 1,
            logprobs = 1,
            seed = 1234,
            echo = true,
        });

        AssertLogLikelihood(answer.Choice(0), 2, "a b", " c d");
        AssertLogLikelihood(answer.Choice(1), 1, "e", " a");
        AssertLogLikelihood(answer.Choice(2), 1, "", "b c");
        Assert.AreEqual((9, 3, 12), answer.Usage());
    }

    [TestMethod]
    public async Task Texts_give_the_same_as_their_tokens()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode texts = await service.CompleteAsync(new
        {
            prompt = new[] { "a b c d", "e a" },
            temperature = 0,
            max_tokens = 1,
            logprobs = 1,
            seed = 1234,
            echo = true,
        });
        JsonNode tokens = await service.CompleteAsync(new
        {
            prompt = new int[][] { [2, 3, 4, 5], [6, 2] },
            temperature = 0,
            max_tokens = 1,
            logprobs = 1,
            seed = 1234,
            echo = true,
        });
        Assert.AreEqual(texts["choices"]!.ToJsonString(), tokens["choices"]!.ToJsonString());
    }

    [TestMethod]
    public async Task The_greedy_token_that_is_read_off_is_the_one_that_is_generated()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        foreach (string prompt in Scorers.Texts)
        {
            JsonNode read = (await service.CompleteAsync(new { prompt, temperature = 0, max_tokens = 1, logprobs = 2, echo = true })).Choice();
            JsonNode drawn = (await service.CompleteAsync(new { prompt, temperature = 0, max_tokens = 1, logprobs = 2 })).Choice();
            Assert.AreEqual(read.Text(), prompt.TrimEnd() + drawn.Text());
            Assert.AreEqual(read.Tokens()[^1], drawn.Tokens().Single());
            Assert.AreEqual(read.LogProbs()[^1]!.Value, drawn.LogProbs().Single()!.Value, 1e-5);
            Assert.AreSequenceEqual(read.Top()[^1]!.Keys, drawn.Top().Single()!.Keys);
        }
    }

    [TestMethod]
    public async Task Texts_are_generated_until_a_stop()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode answer = await service.CompleteAsync(new
        {
            prompt = new[] { "a", "b c" },
            model = "model",
            max_tokens = 20,
            temperature = 0,
            stop = new[] { "\n\n", "<|endoftext|>" },
            seed = 1234,
            repetition_penalty = 1.0,
        });
        var generator = new MLContext().LanguageModeling.CreateTextGenerator(
            ModelZip.Load(ModelFile.Bytes(1)), new() { Temperature = 0, MaximumTokens = 20 });
        Assert.AreSequenceEqual(
            new[] { "a", "b c" }.Select(prompt => string.Concat(generator.Generate(prompt).Select(word => word.Text))),
            answer["choices"]!.AsArray().Select(choice => choice!.Text()));
    }

    /// <summary>
    /// As the harness reads an answer: the sum over the tokens after the context but the last, and whether each is the likeliest.
    /// </summary>
    private static void AssertLogLikelihood(JsonNode choice, int contextLength, string context, string continuation)
    {
        float?[] tokens = choice.LogProbs()[contextLength..^1];
        bool isGreedy = tokens.Zip(choice.Top()[contextLength..^1]).All(pair => pair.First == pair.Second!.Values.Max());

        var ml = new MLContext();
        ITransformer model = ml.LanguageModeling.ChangeScoring(
            ModelZip.Load(ModelFile.Bytes(1)), scoring => scoring with { CountEndOfSentence = false, TokenRanksColumnName = "Ranks" });
        double expected = LogLikelihood(context + continuation) - LogLikelihood(context);
        Assert.AreEqual(expected, tokens.Sum(token => (double)token!.Value), 1e-5);
        int[] ranks = [.. model.Transform(ml.Texts(context + continuation)).GetColumn<VBuffer<int>>("Ranks").Single().DenseValues()];
        Assert.AreEqual(ranks[^tokens.Length..].All(rank => rank == 1), isGreedy);

        double LogLikelihood(string text) => ml.LanguageModeling.Score(model, [text]).Single().LogLikelihood;
    }
}
