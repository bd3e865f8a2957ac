using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using MosService;
using OpenTelemetry.Metrics;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Service;

/// <summary>The web service's metrics as they reach a collector, set up by OpenTelemetry's environment variables.</summary>
[TestClass]
public sealed class MetricsTests
{
    private static readonly string[] s_often = ["--OTEL_METRIC_EXPORT_INTERVAL", "50"];
    private static readonly string[] s_http = ["--OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"];

    [TestMethod]
    public async Task A_collector_is_told_what_was_scored()
    {
        await using Collector collector = await Collector.StartGrpcAsync();
        await AssertExports(collector, "--OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address);
        Assert.AreEqual("mos-service", collector.Service);
    }

    [TestMethod]
    public async Task The_collector_may_speak_HTTP()
    {
        await using Collector collector = await Collector.StartAsync("/v1/metrics");
        await AssertExports(collector, [.. s_http, "--OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address]);
    }

    [TestMethod]
    public async Task The_collector_may_stand_behind_a_path_and_the_service_have_another_name()
    {
        await using Collector collector = await Collector.StartAsync("/api/v1/otlp/v1/metrics");
        await AssertExports(
            collector,
            [.. s_http, "--OTEL_EXPORTER_OTLP_ENDPOINT", $"{collector.Address}/api/v1/otlp", "--OTEL_SERVICE_NAME", "scorer-7"]);
        Assert.AreEqual("scorer-7", collector.Service);
    }

    [TestMethod]
    public async Task An_address_for_metrics_alone_is_taken_as_it_is()
    {
        await using Collector collector = await Collector.StartAsync("/only/metrics");
        await AssertExports(
            collector,
            [
                .. s_http,
                "--OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1",
                "--OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{collector.Address}/only/metrics",
            ]);
    }

    [TestMethod]
    public async Task Unless_a_collector_is_named_nothing_is_exported()
    {
        await using WebApplication service = ScoringService.Build(["--model", "m.zip"]);
        Assert.IsNull(service.Services.GetService<MeterProvider>());
        await using WebApplication exporting = ScoringService.Build(
            ["--model", "m.zip", "--OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"]);
        Assert.IsNotNull(exporting.Services.GetService<MeterProvider>());
    }

    [TestMethod]
    public async Task A_collector_that_is_not_there_hinders_nobody()
    {
        using var file = new ModelFile();
        var watch = Stopwatch.StartNew();
        await using (RunningService service = await RunningService.StartAsync(
            file, [.. s_often, "--OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"]))
        {
            for (int i = 0; i < 10; i++)
            {
                await service.ScoreAsync(new { text = "a b" });
                await Task.Delay(20);
            }
        }

        Assert.IsLessThan(TimeSpan.FromSeconds(15), watch.Elapsed);
    }

    private static async Task AssertExports(Collector collector, params string[] settings)
    {
        using var file = new ModelFile();
        await using RunningService service = await RunningService.StartAsync(file, [.. s_often, .. settings]);
        await service.ScoreAsync(new { texts = new[] { "a b", "" } });

        // The measurement of ASP.NET Core comes last in a request, so all others are there.
        await Scorers.Eventually(() => collector.Newest("http.server.request.duration /score") == 1, "the request is counted");
        Assert.AreEqual(4, collector.Newest("mos.scorer.tokens"));
        Assert.AreEqual(2, collector.Newest("mos.scorer.texts scored"));
        Assert.AreEqual(0, collector.Newest("mos.scorer.queue.length"));
        Assert.AreEqual(1, collector.Newest("mos.scorer.batch.size"));
        Assert.AreEqual(2, collector.Newest("mos.scorer.duration"));
    }
}
