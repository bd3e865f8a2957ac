using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace MosService;

/// <summary>The web application: which services it has and which addresses it answers.</summary>
internal static class ScoringService
{
    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.Configure<LanguageModelScorerOptions>(builder.Configuration.GetSection("scorer"));
        builder.Services.AddMixtureOfSoftmaxes(options => options.ModelPath = builder.Configuration["model"] ?? options.ModelPath);
        builder.Services.AddHealthChecks().AddLanguageModel();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // OpenTelemetry's own variable. Where it names no collector there is nobody to export to.
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            ExportMetrics(builder.Services);
        }

        // A text in which nothing counts has no perplexity: "NaN" then, as JSON knows only finite numbers.
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.NumberHandling |= JsonNumberHandling.AllowNamedFloatingPointLiterals);
        builder.Services.AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ScoringErrors>();

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.MapPost("/score", ScoreAsync);
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthReports.WriteAsync });
        return app;
    }

    /// <summary>Loads the model now rather than at the first request.</summary>
    /// <exception cref="OptionsValidationException">No model is named, or a limit is out of its range.</exception>
    /// <exception cref="InvalidDataException">The file is missing, damaged, or holds no model that scores text.</exception>
    public static void LoadModel(WebApplication app) => app.Services.GetRequiredService<ILanguageModelScorer>();

    private static void ExportMetrics(IServiceCollection services) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("mos-service").AddEnvironmentVariableDetector())
        .WithMetrics(metrics => metrics
            .AddMeter("Microsoft.ML.MixtureOfSoftmaxes", "Microsoft.AspNetCore.Hosting")
            .AddOtlpExporter());

    private static async Task<ScoreResponse> ScoreAsync(ScoreBody body, ILanguageModelScorer scorer, CancellationToken cancellation) =>
        new(await scorer.ScoreAsync(body.AllTexts(), cancellation));
}
