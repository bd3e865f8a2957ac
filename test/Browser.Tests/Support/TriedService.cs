using Microsoft.AspNetCore.Builder;
using Mos.Tests.Support;
using MosService;

namespace Browser.Tests.Support;

/// <summary>The service with a model that was trained in a moment.</summary>
internal sealed class TriedService : IAsyncDisposable
{
    private readonly Workspace _files = new();
    private readonly WebApplication _app;

    private TriedService()
    {
        _files.Train("tried.zip").Succeeded();
        _app = ScoringService.Build(
            ["--model", _files["tried.zip"], "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None"]);
    }

    public string Address => _app.Urls.Single() + "/";

    public static async Task<TriedService> StartAsync()
    {
        var service = new TriedService();
        ScoringService.LoadModels(service._app);
        await service._app.StartAsync();
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _files.Dispose();
    }
}
