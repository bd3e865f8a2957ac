using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace MosService;

/// <summary>The web application: its services and its endpoints.</summary>
internal static class ScoringService
{
    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddMixtureOfSoftmaxes(
            builder.Configuration.GetSection("scorer"),
            options => options.ModelPath = builder.Configuration["model"] ?? options.ModelPath);
        builder.Services.AddHealthChecks().AddLanguageModel();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // OpenTelemetry's own variable. Without it there is no collector to export to.
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            ExportMetrics(builder.Services);
        }

        // The perplexity of a text in which no token counts is NaN, which JSON has no number for: it is written as "NaN".
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.NumberHandling |= JsonNumberHandling.AllowNamedFloatingPointLiterals);
        builder.Services.AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ScoringErrors>();

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.MapPost("/score", ScoreAsync);
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteHealthAsync });
        return app;
    }

    /// <summary>Loads the model now rather than at the first request.</summary>
    /// <exception cref="OptionsValidationException">No model is named, or an option is out of range.</exception>
    /// <exception cref="InvalidDataException">The file is missing, damaged, or holds no model that scores text.</exception>
    public static void LoadModel(WebApplication app) => app.Services.GetRequiredService<ILanguageModelScorer>();

    private static void ExportMetrics(IServiceCollection services) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("mos-service").AddEnvironmentVariableDetector())
        .WithMetrics(metrics => metrics
            .AddMeter("Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection", "Microsoft.AspNetCore.Hosting")
            .AddOtlpExporter());

    private static async Task<ScoreResponse> ScoreAsync(
        ScoreBody body, ILanguageModelScorer scorer, CancellationToken cancellationToken) =>
        new(await scorer.ScoreAsync(body.AllTexts(), cancellationToken));

    /// <summary>Writes the health report as JSON, with the data of each check.</summary>
    private static Task WriteHealthAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        Status = $"{report.Status}",
        Checks = report.Entries.ToDictionary(
            check => check.Key,
            check => new { Status = $"{check.Value.Status}", check.Value.Description, check.Value.Data }),
    });
}
