using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using MosService;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>The web service on a real socket.</summary>
[TestClass]
public sealed class HttpTests
{
    [TestMethod]
    public async Task Texts_come_back_as_scores()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        ScoreResponse many = await service.ScoreAsync(new { texts = Scorers.Texts });
        Scorers.AssertClose(ModelFile.Expected(1, Scorers.Texts), many.Scores);
        ScoreResponse one = await service.ScoreAsync(new { text = Scorers.Texts[2] });
        Scorers.AssertClose(ModelFile.Expected(1, Scorers.Texts[2]), one.Scores);

        JsonNode json = JsonNode.Parse(await service.PostAsync("""{"text": "a x"}""").Result.Content.ReadAsStringAsync())!;
        JsonNode score = json["scores"]![0]!;
        Assert.AreEqual(3, (int)score["tokenCount"]!);
        Assert.AreEqual(1, (int)score["outOfVocabularyCount"]!);
        double perplexity = Math.Exp(-(double)score["logLikelihood"]! / 3);
        Assert.AreEqual(perplexity, (double)score["perplexity"]!, 1e-6 * perplexity);
        Assert.IsGreaterThan(0, (double)score["bitsPerCharacter"]!);
        Assert.IsEmpty(score["tokens"]!.AsArray());
    }

    [TestMethod]
    public async Task Tokens_come_with_the_scores_if_the_service_is_told_so()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file, "--scorer:IncludeTokens", "true");
        JsonNode json = JsonNode.Parse(await service.PostAsync("""{"text": "a x"}""").Result.Content.ReadAsStringAsync())!;
        JsonNode score = json["scores"]![0]!;
        JsonArray tokens = score["tokens"]!.AsArray();
        Assert.AreSequenceEqual(["a", "<unk>", "<eos>"], tokens.Select(token => (string)token!["token"]!));
        Assert.AreSequenceEqual([false, true, false], tokens.Select(token => (bool)token!["isUnknown"]!));
        Assert.AreEqual((double)score["logLikelihood"]!, tokens.Sum(token => (double)token!["logLikelihood"]!), 1e-5);
    }

    [TestMethod]
    public async Task Texts_are_scored_given_a_context()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file, "--scorer:IncludeTokens", "true");

        // By the chain rule, log P(text | context) is log P(both) less that of the context's own tokens.
        TextScore whole = (await service.ScoreAsync(new { text = "a b c d" })).Scores[0];
        IReadOnlyList<TextScore> given = (await service.ScoreAsync(new { context = "a b", texts = new[] { "c d", "x" } })).Scores;
        Assert.AreEqual(whole.LogLikelihood - whole.Tokens.Take(2).Sum(token => token.LogLikelihood), given[0].LogLikelihood, 1e-5);
        Assert.AreSequenceEqual(["c", "d", "<eos>"], given[0].Tokens.Select(token => token.Token));
        Assert.IsNotNull(given[0].IsGreedy);
        Assert.AreEqual(1, given[1].OutOfVocabularyCount);
        Assert.IsNull(whole.IsGreedy);
    }

    [TestMethod]
    [DataRow("""{"text": "a", "context": ""}""", "The context is empty", "without a context")]
    [DataRow("""{"text": "a", "context": " "}""", "The context is empty", "without a context")]
    [DataRow("""{"texts": ["a", ""], "context": "b"}""", "Continuation 1 cannot be scored", "no token in it")]
    public async Task A_context_or_continuation_without_a_token_is_the_clients_fault(string body, params string[] details)
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        using HttpResponseMessage response = await service.PostAsync(body);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode, answer);
        Array.ForEach(details, detail => Assert.Contains(detail, answer));
        Leaks.AssertNone(answer);
    }

    [TestMethod]
    public async Task A_text_in_which_nothing_counts_has_a_perplexity_that_is_no_number()
    {
        using var file = new ModelFile();
        file.Write(ModelFile.Bytes(1, new() { CountEndOfSentence = false }));
        await using RunningService service = await RunningService.StartAsync(file);
        using HttpResponseMessage response = await service.PostAsync("""{"text": ""}""");
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        JsonNode score = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["scores"]![0]!;
        Assert.AreEqual(0, (int)score["tokenCount"]!);
        Assert.AreEqual("NaN", (string)score["perplexity"]!);
    }

    [TestMethod]
    public async Task A_full_queue_is_503_with_a_time_to_come_back()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(
            file, "--scorer:QueueCapacity", "1", "--scorer:Linger", "00:00:00.7");
        HttpResponseMessage[] responses = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => service.PostAsync("""{"text": "a"}""")));
        HttpResponseMessage[] refused = [.. responses.Where(response => response.StatusCode != HttpStatusCode.OK)];
        Assert.IsNotEmpty(refused);
        Assert.AreNotEqual(8, refused.Length);
        foreach (HttpResponseMessage response in refused)
        {
            Assert.AreEqual(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.AreEqual(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        }

        await service.ScoreAsync(new { text = "a" });
    }

    [TestMethod]
    public async Task Health_names_the_model_and_a_file_that_could_not_be_loaded()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file, "--scorer:ReloadInterval", "00:00:00.02");
        JsonNode health = await service.GetHealthAsync();
        Assert.AreEqual("Healthy", (string)health["status"]!);
        Assert.AreEqual("model.zip", (string)health["checks"]!["language-model"]!["data"]!["modelFile"]!);

        file.Write([1, 2, 3]);
        for (int i = 0; i < 500 && (string)health["status"]! == "Healthy"; i++)
        {
            await Task.Delay(20);
            health = await service.GetHealthAsync();
        }

        Assert.AreEqual("Degraded", (string)health["status"]!);
        Assert.Contains("the log says why", (string)health["checks"]!["language-model"]!["description"]!);
        Leaks.AssertNone(health.ToJsonString());
    }

    [TestMethod]
    public async Task Health_without_a_model_tells_nothing_of_what_failed()
    {
        await using WebApplication app = ScoringService.Build(
            ["--model", "/nowhere/m.zip", "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None"]);
        await app.StartAsync();
        await using var service = new RunningService(app);
        JsonNode health = await service.GetHealthAsync();
        Assert.AreEqual("Unhealthy", (string)health["status"]!);
        Leaks.AssertNone(health.ToJsonString());
    }
}
