using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
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

        // What keeps the service from starting is told by the program, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // OpenTelemetry's own variables. Without one there is no collector to export to.
        string? ofMetrics = builder.Configuration["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];
        if (!string.IsNullOrEmpty(ofMetrics) || !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            ExportMetrics(builder.Services, ofMetrics);
        }

        // The perplexity of a text in which no token counts is NaN, which JSON has no number for: it is written as "NaN".
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.NumberHandling |= JsonNumberHandling.AllowNamedFloatingPointLiterals);
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<ScoringErrors>();

        // Errors of clients are told to them, and do not fill the log.
        builder.Services.Configure<ExceptionHandlerOptions>(errors => errors.SuppressDiagnosticsCallback =
            error => error.HttpContext.Response.StatusCode != StatusCodes.Status500InternalServerError);

        CheckNames(builder.Configuration.GetSection("scorer"));
        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages(ScoringErrors.WriteStatusAsync);
        app.MapPost("/score", ScoreAsync);
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteHealthAsync })
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        return app;
    }

    /// <summary>Loads the model now rather than at the first request.</summary>
    /// <exception cref="OptionsValidationException">No model is named, or a setting is unknown or out of range.</exception>
    /// <exception cref="InvalidDataException">The file is missing, damaged, or holds no model that scores text.</exception>
    public static void LoadModel(WebApplication app) => app.Services.GetRequiredService<ILanguageModelScorer>();

    // A misspelt setting would be without effect.
    private static void CheckNames(IConfigurationSection settings)
    {
        string[] names = [.. typeof(LanguageModelScorerOptions).GetProperties().Select(option => option.Name)];
        if (settings.GetChildren().FirstOrDefault(s => !names.Contains(s.Key, StringComparer.OrdinalIgnoreCase)) is { Path: string unknown })
        {
            throw new ArgumentException($"There is no setting {unknown}; the scorer has {string.Join(", ", names)}.");
        }
    }

    private static void ExportMetrics(IServiceCollection services, string? endpointOfMetrics) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("mos-service").AddEnvironmentVariableDetector())
        .WithMetrics(metrics => metrics
            .AddMeter("Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection", "Microsoft.AspNetCore.Hosting")
            .AddOtlpExporter(exporter =>
            {
                // The exporter itself reads only the endpoint of all signals, to which it adds the path of metrics.
                if (!string.IsNullOrEmpty(endpointOfMetrics))
                {
                    exporter.Endpoint = new(endpointOfMetrics);
                }
            }));

    private static async Task<ScoreResponse> ScoreAsync(
        HttpRequest request, ILanguageModelScorer scorer, CancellationToken cancellationToken)
    {
        string[] texts = await ScoreBody.ReadTextsAsync(request, cancellationToken);
        try
        {
            return new(await scorer.ScoreAsync(texts, cancellationToken));
        }
        catch (ArgumentException e)
        {
            throw new RequestException(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    /// <summary>Writes the health report as JSON, with the data of each check. What an exception says is not for clients.</summary>
    private static Task WriteHealthAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        Status = $"{report.Status}",
        Checks = report.Entries.ToDictionary(
            check => check.Key,
            check => new
            {
                Status = $"{check.Value.Status}",
                Description = check.Value.Exception is null ? check.Value.Description : "The check failed; the log says why.",
                check.Value.Data,
            }),
    });
}
