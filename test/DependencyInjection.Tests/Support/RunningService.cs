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

    public static async Task<RunningService> StartAsync(ModelFile file, params string[] args)
    {
        WebApplication app = ScoringService.Build(
            ["--model", file.Path, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None", .. args]);
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
