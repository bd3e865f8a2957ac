using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

/// <summary>An OpenTelemetry collector on the loopback interface, which keeps the newest value of each metric.</summary>
internal sealed class Collector : IAsyncDisposable
{
    // Numbers of fields in opentelemetry.proto.collector.metrics.v1 and opentelemetry.proto.metrics.v1.
    private const int ResourceMetrics = 1, Resource = 1, ScopeMetrics = 2, Metric = 2, Name = 1, Sum = 7, Histogram = 9;
    private const int DataPoint = 1, SumAttribute = 7, HistogramAttribute = 9, SumInteger = 6, HistogramCount = 4;
    private const int ResourceAttribute = 1, Key = 1, Value = 2, StringValue = 1;

    private const string GrpcPath = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    private const int GrpcPrefix = 5;

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, long> _values = [];

    private Collector(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>The name of the service that sent the last metrics.</summary>
    public string Service { get; private set; } = "";

    /// <summary>Starts a collector that receives metrics over HTTP.</summary>
    public static Task<Collector> StartAsync(string path) =>
        ListenAsync(HttpProtocols.Http1, path, async (collector, context) => collector.Receive(await ReadAsync(context)));

    /// <summary>Starts a collector that receives metrics over gRPC.</summary>
    public static Task<Collector> StartGrpcAsync() => ListenAsync(HttpProtocols.Http2, GrpcPath, async (collector, context) =>
    {
        collector.Receive((await ReadAsync(context))[GrpcPrefix..]);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[GrpcPrefix]);
        context.Response.AppendTrailer("grpc-status", "0");
    });

    /// <summary>
    /// The value of a sum, or the count of a histogram; null if it has not been received. An outcome or route is part of the
    /// name, as in <c>mos.scorer.texts scored</c>.
    /// </summary>
    public long? Newest(string name) => _values.TryGetValue(name, out long value) ? value : null;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<Collector> ListenAsync(
        HttpProtocols protocols, string path, Func<Collector, HttpContext, Task> receive)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        var collector = new Collector(app);
        app.MapPost(path, (HttpContext context) => receive(collector, context));
        await app.StartAsync();
        return collector;
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private void Receive(byte[] message)
    {
        var request = new OtlpMessage(message);
        foreach (OtlpMessage metric in request.Messages(ResourceMetrics, ScopeMetrics, Metric))
        {
            Keep(metric.Text(Name), metric.Messages(Sum, DataPoint), SumAttribute, SumInteger);
            Keep(metric.Text(Name), metric.Messages(Histogram, DataPoint), HistogramAttribute, HistogramCount);
        }

        Service = request.Messages(ResourceMetrics, Resource, ResourceAttribute)
            .Where(attribute => attribute.Text(Key) == "service.name").Select(TextOf).Last();
    }

    private void Keep(string name, IEnumerable<OtlpMessage> points, int attribute, int value)
    {
        foreach (OtlpMessage point in points)
        {
            string part = string.Concat(
                point.Messages(attribute).Where(a => a.Text(Key) is "outcome" or "http.route").Select(a => " " + TextOf(a)));
            _values[name + part] = point.Integer(value) ?? 0;
        }
    }

    private static string TextOf(OtlpMessage attribute) => attribute.Messages(Value).Single().Text(StringValue);
}
