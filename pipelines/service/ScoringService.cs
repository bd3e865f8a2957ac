using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;
using MosService.Completions;
using MosService.Page;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace MosService;

/// <summary>The web application: its services and its endpoints.</summary>
internal static class ScoringService
{
    private static readonly string[] s_addressSettings = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        IReadOnlyList<ModelSetting> models = ModelSetting.Read(builder.Configuration);
        AddModels(builder, models);

        // Whoever wants others than this machine to reach the service says so. Containers do, by ASPNETCORE_HTTP_PORTS.
        if (!s_addressSettings.Any(setting => builder.Configuration.GetSection(setting).Exists()))
        {
            builder.WebHost.UseUrls("http://127.0.0.1:5000");
        }

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

        builder.Services.AddOpenApi(ServiceDocument.Configure);
        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages(ScoringErrors.WriteStatusAsync);
        app.MapGet("/", TrialPage.Get).ExcludeFromDescription();
        MapModels(app);
        MapHealth(app);
        app.MapOpenApi();
        return app;
    }

    /// <summary>Loads the models now rather than at the first request, but for those that are loaded on demand.</summary>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or holds no model that scores text.</exception>
    public static void LoadModels(WebApplication app) => app.Services.GetRequiredService<ModelDirectory>().LoadAtStart();

    private static void AddModels(WebApplicationBuilder builder, IReadOnlyList<ModelSetting> models)
    {
        builder.Services.AddSingleton(models).AddSingleton<ModelDirectory>();
        builder.Services.AddSingleton(CompletionLimits.Read(builder.Configuration)).AddSingleton<CompletionEndpoint>();
        IHealthChecksBuilder checks = builder.Services.AddHealthChecks();
        foreach (ModelSetting model in models)
        {
            model.AddTo(builder.Services, builder.Configuration.GetSection("scorer"));
            if (model.IsLoadedAtStart)
            {
                checks.AddLanguageModel(models.Count == 1 ? "language-model" : $"language-model {model.Name}", model.Name);
            }
        }
    }

    private static void MapModels(WebApplication app)
    {
        app.MapPost("/score", ScoreAsync)
            .WithSummary("Scores texts, or what may follow a context.")
            .AddOpenApiOperationTransformer(ServiceDocument.DescribeScore);
        RouteGroupBuilder v1 = app.MapGroup("/v1");
        v1.MapPost("/completions", (HttpContext context, CompletionEndpoint endpoint) => endpoint.AnswerAsync(context))
            .WithSummary("Continues texts, and tells how probable their tokens are.")
            .Produces<CompletionResponse>(contentType: "application/json", additionalContentTypes: "text/event-stream")
            .Produces<ErrorResponse>(StatusCodes.Status400BadRequest)
            .AddOpenApiOperationTransformer(ServiceDocument.DescribeCompletions);
        v1.MapGet("/models", (ModelDirectory models) => new ModelListResponse(models.List())).WithSummary("Lists the models.");
        v1.MapGet("/models/{*name}", (string name, ModelDirectory models) => models.Find(name)).WithSummary("Tells of one model.");
    }

    /// <summary>Whether the process lives, and whether it can serve; <c>/health</c> is the latter under its older name.</summary>
    private static void MapHealth(WebApplication app)
    {
        Map("/health/live", _ => false);
        Map("/health/ready", _ => true);
        Map("/health", _ => true);

        void Map(string path, Func<HealthCheckRegistration, bool> isAsked) => app
            .MapHealthChecks(path, new HealthCheckOptions { ResponseWriter = WriteHealthAsync, Predicate = isAsked })
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
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

    private static async Task<ScoreResponse> ScoreAsync(HttpRequest request, ModelDirectory models, CancellationToken cancellationToken)
    {
        ScoreRequest asked = await ScoreBody.ReadAsync(request, cancellationToken);
        (_, ILanguageModelScorer scorer) = await models.GetAsync<ILanguageModelScorer>(asked.Model);
        try
        {
            return new(asked.Context is string context
                ? await scorer.ScoreAsync(context, asked.Texts, cancellationToken)
                : await scorer.ScoreAsync(asked.Texts, cancellationToken));
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
