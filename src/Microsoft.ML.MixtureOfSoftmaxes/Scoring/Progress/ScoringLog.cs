using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Tells ML.NET's log every few seconds how far the cursors over a view have come; nothing of work that takes less. At the end it warns if
/// most words were unknown. Safe to use by several cursors at once.
/// </summary>
/// <param name="host">Where the messages go; null for nowhere.</param>
/// <param name="totalRows">Rows there are in all, if known.</param>
/// <param name="time">Tells the time.</param>
internal sealed class ScoringLog(IHost? host, long? totalRows, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly ScoringMeter _meter = new(totalRows, time);
    private readonly Lock _turn = new();
    private TimeSpan _next = s_interval;
    private UnknownShare _unknown;
    private int _open;

    /// <summary>A cursor begins.</summary>
    public void Open() => Interlocked.Increment(ref _open);

    /// <summary>A cursor has come to its end.</summary>
    public void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0 && host is not null && _unknown.IsMost)
        {
            using IChannel channel = host.Start("Scoring");
            _unknown.Warn(channel, "text", UnknownShare.ScoringRemedy);
        }
    }

    public void Add(int rows, int tokens, UnknownShare unknown)
    {
        ScoringProgress progress;
        lock (_turn)
        {
            _unknown += unknown;
            _meter.Add(rows, tokens);
            progress = _meter.Current;
            if (host is null || progress.Elapsed < _next)
            {
                return;
            }

            _next = progress.Elapsed + s_interval;
        }

        // Opening a channel is a message already, so it is done only now.
        using IChannel channel = host.Start("Scoring");
        channel.Info(MessageSensitivity.None, Describe(progress));
    }

    private static string Describe(ScoringProgress progress)
    {
        string total = progress.TotalRows is long rows ? FormattableString.Invariant($" of {rows:N0}") : "";
        string left = progress.Remaining is TimeSpan remaining ? $", {TimeLeft.Text(remaining)} left" : "";
        return FormattableString.Invariant($"Scored {progress.Rows:N0}{total} rows, {progress.Tokens:N0} tokens, ") +
            FormattableString.Invariant($"{progress.TokensPerSecond:F0} tokens/s{left}");
    }
}
