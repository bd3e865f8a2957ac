using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using MosService;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

/// <summary>The web service in this process, on a real socket.</summary>
internal sealed class RunningService(WebApplication app) : IAsyncDisposable
{
    public HttpClient Client { get; } = new() { BaseAddress = new Uri(app.Urls.Single()) };

    public static Task<RunningService> StartAsync(ModelFile file, params string[] args) => StartAsync(["--model", file.Path, .. args]);

    public static async Task<RunningService> StartAsync(params string[] args)
    {
        WebApplication app = ScoringService.Build(
            ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None", .. args]);
        ScoringService.LoadModels(app);
        await app.StartAsync();
        return new(app);
    }

    public async Task<ScoreResponse> ScoreAsync(object body)
    {
        using HttpResponseMessage response = await Client.PostAsJsonAsync("/score", body);
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<ScoreResponse>())!;
    }

    /// <summary>The answer to a request for completions, which must succeed.</summary>
    public async Task<JsonNode> CompleteAsync(object body)
    {
        using HttpResponseMessage response = await Client.PostAsJsonAsync("/v1/completions", body);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode, answer);
        return JsonNode.Parse(answer)!;
    }

    /// <summary>The events of a stream of completions.</summary>
    public async Task<string[]> StreamAsync(object body)
    {
        using HttpResponseMessage response = await Client.PostAsJsonAsync("/v1/completions", body);
        Assert.AreEqual("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        string[] lines = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.IsTrue(lines.All(line => line.StartsWith("data: ", StringComparison.Ordinal)));
        return [.. lines.Select(line => line["data: ".Length..])];
    }

    public Task<HttpResponseMessage> PostAsync(string body) => PostAsync(Encoding.UTF8.GetBytes(body));

    public Task<HttpResponseMessage> PostAsync(byte[] body) => Client.PostAsync(
        "/score", new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } });

    public async Task<JsonNode> GetHealthAsync()
    {
        using HttpResponseMessage response = await Client.GetAsync("/health");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
