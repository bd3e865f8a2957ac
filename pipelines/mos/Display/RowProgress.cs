using System.Diagnostics;

namespace Mos.Display;

/// <summary>Says every ten seconds how many rows have been read; reading is at most a batch of rows ahead of the work.</summary>
internal sealed class RowProgress(TextWriter writer)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _time = Stopwatch.StartNew();
    private TimeSpan _next = s_interval;

    public void Report(long rows)
    {
        if (_time.Elapsed >= _next)
        {
            _next = _time.Elapsed + s_interval;
            writer.WriteLine(FormattableString.Invariant($"{rows:N0} rows in {ProgressText.Whole(_time.Elapsed)}"));
        }
    }
}
