using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

/// <summary>Listens to the meters of one service provider.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value)> _values = [];

    public Measurements(ServiceProvider provider)
    {
        IMeterFactory meters = provider.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
        _listener.Start();
    }

    /// <summary>
    /// The measurements of an instrument. An outcome is part of the name, as in <c>mos.scorer.texts scored</c>.
    /// </summary>
    public double[] Of(string name) => [.. _values.Where(v => v.Name == name).Select(v => v.Value)];

    public double Sum(string name) => Of(name).Sum();

    public void ReadObservables() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _values.Enqueue((tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}", value));
}
