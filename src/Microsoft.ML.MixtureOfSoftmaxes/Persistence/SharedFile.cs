using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// Files that several processes need and any of them can make: one makes a file and the others wait for it. Each machine that does not see the
/// files of another makes its own.
/// </summary>
internal static class SharedFile
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>What the file holds.</summary>
    /// <param name="path">The file; while one makes it there is another beside it, which tells the others to wait, and how far it is.</param>
    /// <param name="patience">
    /// How long others wait while nothing goes on there; then each makes the file by itself. A process that ends, however it ends, is not waited for.
    /// </param>
    /// <param name="open">Reads the file; null where there is none that can be used.</param>
    /// <param name="make">Makes the file and reads it, and calls what it is given as it gets on.</param>
    /// <param name="cancellation">Checked while it waits.</param>
    public static T Get<T>(string path, TimeSpan patience, Func<T?> open, Func<Action, T> make, Cancellation cancellation)
        where T : class
    {
        if (open() is T found)
        {
            return found;
        }

        (FileStream? held, bool hasWaited) = Take($"{path}.lock", patience, cancellation);
        using (held)
        {
            return (hasWaited ? open() : null) ?? make(() =>
            {
                held?.WriteByte(0);
                held?.Flush();
            });
        }
    }

    /// <summary>The lock, null where that was waited for in vain, and whether another had it.</summary>
    private static (FileStream? Held, bool HasWaited) Take(string path, TimeSpan patience, Cancellation cancellation)
    {
        bool hasWaited = false;
        long progress = -1, since = Stopwatch.GetTimestamp();
        while (true)
        {
            if (FileLock.TryTake(path) is FileStream held)
            {
                return (held, hasWaited);
            }

            hasWaited = true;
            var file = new FileInfo(path);
            long length = file.Exists ? file.Length : 0;
            if (length != progress)
            {
                (progress, since) = (length, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > patience)
            {
                return (null, hasWaited);
            }

            cancellation.ThrowIfRequested();
            Thread.Sleep(s_pause);
        }
    }
}
