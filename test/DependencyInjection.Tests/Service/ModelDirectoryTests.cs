using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using MosService;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>Several models by name.</summary>
[TestClass]
public sealed class ModelDirectoryTests
{
    [TestMethod]
    public async Task Each_model_answers_by_its_name_and_the_first_one_without()
    {
        using ModelFile one = new(seed: 1), two = new(seed: 2);
        await using RunningService service = await RunningService.StartAsync(
            one, "--models:second:path", two.Path, "--models:second:QueueCapacity", "7", "--scorer:QueueCapacity", "9");
        double first = ModelFile.Expected(1, "a b").Single().LogLikelihood, second = ModelFile.Expected(2, "a b").Single().LogLikelihood;
        Assert.AreEqual(first, await SumAsync(service, "a b <eos>", null), 1e-4);
        Assert.AreEqual(second, await SumAsync(service, "a b <eos>", "second"), 1e-4);
        Assert.AreEqual(first, (await service.ScoreAsync(new { text = "a b" })).Scores[0].LogLikelihood, 1e-4);
        Assert.AreEqual(second, (await service.ScoreAsync(new { text = "a b", model = "second" })).Scores[0].LogLikelihood, 1e-4);

        JsonNode list = JsonNode.Parse(await service.Client.GetStringAsync("/v1/models"))!;
        Assert.AreSequenceEqual(["model", "second"], list["data"]!.AsArray().Select(model => (string)model!["id"]!));
        Assert.AreEqual("second", (string)JsonNode.Parse(await service.Client.GetStringAsync("/v1/models/second"))!["id"]!);
        Assert.AreEqual(HttpStatusCode.NotFound, (await service.Client.GetAsync("/v1/models/third")).StatusCode);

        JsonNode checks = (await service.GetHealthAsync())["checks"]!;
        Assert.AreEqual(9, (int)checks["language-model model"]!["data"]!["queueCapacity"]!);
        Assert.AreEqual(7, (int)checks["language-model second"]!["data"]!["queueCapacity"]!);
    }

    [TestMethod]
    public async Task A_model_on_demand_is_loaded_when_it_is_asked_for()
    {
        using ModelFile one = new(), late = new(seed: 2);
        byte[] good = ModelFile.Bytes(2);
        late.Write([1, 2, 3]);
        await using RunningService service = await RunningService.StartAsync(one, "--models:late:path", late.Path, "--models:late:load", "demand");
        Assert.AreEqual("Healthy", (string)(await service.GetHealthAsync())["status"]!);
        using HttpResponseMessage refused = await service.Client.PostAsync(
            "/v1/completions", new StringContent("""{"model": "late"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        string answer = await refused.Content.ReadAsStringAsync();
        Assert.Contains("'late' cannot be loaded", answer);
        Leaks.AssertNone(answer);
        using HttpResponseMessage unscored = await service.PostAsync("""{"model": "late", "text": "a"}""");
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, unscored.StatusCode);
        using HttpResponseMessage unknown = await service.PostAsync("""{"model": "early", "text": "a"}""");
        Assert.AreEqual(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("'early' does not exist: take one of 'model', 'late'", await unknown.Content.ReadAsStringAsync());

        late.Write(good);
        Assert.AreEqual(ModelFile.Expected(2, "a").Single().LogLikelihood, await SumAsync(service, "a <eos>", "late"), 1e-4);
    }

    [TestMethod]
    [DataRow("models:b:load is 'later'; it must be start or demand", "--models:b:path", "b.zip", "--models:b:load", "later")]
    [DataRow("models:b:path is missing", "--models:b:load", "start")]
    [DataRow("There is no setting models:b:pth; models:b has path, load, TextColumnName", "--models:b:pth", "b.zip")]
    [DataRow("Two models are called 'a'", "--models:a:path", "b.zip")]
    public void Settings_of_models_that_cannot_be_used_are_named(string message, params string[] args)
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => ScoringService.Build(["--model", "a.zip", .. args]));
        Assert.Contains(message, error.Message);
    }

    [TestMethod]
    public async Task Unless_told_otherwise_only_this_machine_reaches_it()
    {
        await using WebApplication plain = ScoringService.Build(["--model", "a.zip"]);
        Assert.AreEqual("http://127.0.0.1:5000", plain.Configuration["urls"]);
        await using WebApplication container = ScoringService.Build(["--model", "a.zip", "--http_ports", "8080"]);
        Assert.IsNull(container.Configuration["urls"]);
    }

    [TestMethod]
    public async Task Liveness_asks_no_model_and_readiness_asks_all()
    {
        await using WebApplication app = ScoringService.Build(
            ["--model", "/nowhere/m.zip", "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None"]);
        await app.StartAsync();
        await using var service = new RunningService(app);
        Assert.AreEqual(HttpStatusCode.OK, (await service.Client.GetAsync("/health/live")).StatusCode);
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, (await service.Client.GetAsync("/health/ready")).StatusCode);
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, (await service.Client.GetAsync("/health")).StatusCode);
    }

    [TestMethod]
    public async Task The_OpenAPI_document_tells_what_requests_and_answers_have()
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file);
        JsonNode document = JsonNode.Parse(await service.Client.GetStringAsync("/openapi/v1.json"))!;
        JsonObject paths = document["paths"]!.AsObject();
        Assert.AreSequenceEqual(["/score", "/v1/completions", "/v1/models", "/v1/models/{name}"], paths.Select(path => path.Key));
        JsonNode body = paths["/v1/completions"]!["post"]!["requestBody"]!["content"]!["application/json"]!;
        JsonObject members = body["schema"]!["properties"]!.AsObject();
        Assert.HasCount(4, members["prompt"]!["oneOf"]!.AsArray());
        Assert.AreEqual(20, (int)members["logprobs"]!["maximum"]!);

        // What the document says of answers is what they have.
        JsonObject choice = document["components"]!["schemas"]!["ChoiceResponse"]!["properties"]!.AsObject();
        JsonNode answer = await service.CompleteAsync(new { prompt = "a" });
        Assert.AreSequenceEqual(answer.Choice().AsObject().Select(member => member.Key).Order(), choice.Select(member => member.Key).Order());
    }

    private static async Task<double> SumAsync(RunningService service, string prompt, string? model)
    {
        JsonNode answer = await service.CompleteAsync(new { model, prompt, echo = true, logprobs = 0, max_tokens = 0 });
        return answer.Choice().LogProbs().Sum(value => (double)value!);
    }
}
