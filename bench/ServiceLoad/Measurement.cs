using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ServiceLoad;

/// <summary>Measures latency and throughput of callers that each wait for an answer and then ask again.</summary>
internal static class Measurement
{
    public static string Header =>
        $"{"way of scoring",-44} {"callers",7} {"texts/s",9} {"tokens/s",9} {"p50 ms",8} {"p99 ms",8}";

    /// <param name="name">The way of scoring.</param>
    /// <param name="callers">The number of callers.</param>
    /// <param name="duration">How long to measure, after a second of warming up.</param>
    /// <param name="texts">The texts, which callers take in turn.</param>
    /// <param name="score">Scores a text and returns its number of tokens.</param>
    public static async Task RunAsync(string name, int callers, TimeSpan duration, string[] texts, Func<string, Task<int>> score)
    {
        await CallAsync(TimeSpan.FromSeconds(1));
        var clock = Stopwatch.StartNew();
        (double[] milliseconds, long tokens) = await CallAsync(duration);
        double seconds = clock.Elapsed.TotalSeconds;
        Array.Sort(milliseconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-44} {callers,7} {milliseconds.Length / seconds,9:F0} {tokens / seconds,9:F0} " +
            $"{Quantile(milliseconds, 0.5),8:F2} {Quantile(milliseconds, 0.99),8:F2}"));

        async Task<(double[] Milliseconds, long Tokens)> CallAsync(TimeSpan limit)
        {
            var latencies = new ConcurrentBag<double>();
            long sum = 0;
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                for (int i = caller; Stopwatch.GetElapsedTime(start) < limit; i += callers)
                {
                    long asked = Stopwatch.GetTimestamp();
                    Interlocked.Add(ref sum, await score(texts[i % texts.Length]));
                    latencies.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                }
            })));
            return ([.. latencies], sum);
        }
    }

    private static double Quantile(double[] sorted, double fraction) => sorted[(int)(fraction * (sorted.Length - 1))];
}
