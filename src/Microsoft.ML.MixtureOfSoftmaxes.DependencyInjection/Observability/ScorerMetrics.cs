using System.Diagnostics.Metrics;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

/// <summary>The metrics of the scorer. The meter has the name of this assembly.</summary>
internal sealed class ScorerMetrics
{
    public const string MeterName = "Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection";

    private readonly Counter<long> _texts;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _reloads;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _duration;

    private readonly KeyValuePair<string, object?>[] _model;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="model">The name of the model, which all measurements get as a tag; null for none.</param>
    /// <param name="queueLength">The number of waiting texts.</param>
    public ScorerMetrics(IMeterFactory meters, string? model, Func<int> queueLength)
    {
        _model = model is null ? [] : [new("model", model)];
        Meter meter = meters.Create(MeterName);
        _texts = meter.CreateCounter<long>(
            "mos.scorer.texts", "{text}", "Texts by outcome: scored, rejected, cancelled, failed.");
        _tokens = meter.CreateCounter<long>("mos.scorer.tokens", "{token}", "Tokens scored, ends of sentences included.");
        _reloads = meter.CreateCounter<long>("mos.scorer.reloads", "{reload}", "Changed model files by outcome: loaded, failed.");
        meter.CreateObservableUpDownCounter(
            "mos.scorer.queue.length", () => new Measurement<int>(queueLength(), _model), "{text}", "Texts that wait to be scored.");
        _batchSize = meter.CreateHistogram(
            "mos.scorer.batch.size", "{text}", "Texts that went through the network together.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });
        _duration = meter.CreateHistogram(
            "mos.scorer.duration", "s", "From a text's arrival to its score.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
            });
    }

    public void Scored(int texts, int tokens, TimeSpan duration)
    {
        _texts.Add(texts, Tags("scored"));
        _tokens.Add(tokens, _model);
        _duration.Record(duration.TotalSeconds, _model);
    }

    public void Rejected(int texts) => _texts.Add(texts, Tags("rejected"));

    public void Cancelled(int texts) => _texts.Add(texts, Tags("cancelled"));

    public void Failed(int texts) => _texts.Add(texts, Tags("failed"));

    public void Batched(int texts) => _batchSize.Record(texts, _model);

    public void Reloaded(bool succeeded) => _reloads.Add(1, Tags(succeeded ? "loaded" : "failed"));

    private KeyValuePair<string, object?>[] Tags(string outcome) => [new("outcome", outcome), .. _model];
}
