namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>Looks every 10 ms at how much memory the process holds, until disposed.</summary>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);

    private readonly Timer _timer;
    private long _bytes;

    public PeakMemory() => _timer = new Timer(_ => Look(), null, TimeSpan.Zero, s_interval);

    /// <summary>The most so far.</summary>
    public long Bytes
    {
        get
        {
            Look();
            return Interlocked.Read(ref _bytes);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long now = Environment.WorkingSet;
        for (long seen = Interlocked.Read(ref _bytes); now > seen; seen = Interlocked.Read(ref _bytes))
        {
            Interlocked.CompareExchange(ref _bytes, now, seen);
        }
    }
}
