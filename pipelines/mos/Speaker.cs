using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Mos;

/// <summary>
/// Of the processes that mpirun or srun started the first one speaks, and the others are silent. One that fails says so all the same, after the
/// ones before it had the time to: what is wrong is mostly wrong everywhere, and the end of one is the end of all.
/// </summary>
internal static class Speaker
{
    /// <summary>Where this process writes: its own stream, or nowhere.</summary>
    public static TextWriter Of(TextWriter stream) => MpiLauncher.Current is { Rank: > 0 } ? TextWriter.Null : stream;

    /// <summary>Where this process says why it ends. Its end is to be that of all.</summary>
    /// <param name="error">Where it says other things.</param>
    public static TextWriter FailureWriter(TextWriter error)
    {
        MpiWorld.HasFailed = MpiLauncher.Current is not null;
        if (MpiLauncher.Current is not { Rank: > 0 and int rank })
        {
            return error;
        }

        Thread.Sleep(TimeSpan.FromSeconds(3 + (0.2 * Math.Min(rank, 50))));
        return Console.Error;
    }
}
