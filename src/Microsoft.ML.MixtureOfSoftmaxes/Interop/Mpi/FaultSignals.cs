using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// The runtime's handlers of the signals of faults, of which it makes exceptions such as that of a null reference: what is loaded until disposed
/// cannot take them, as UCX would, on which MPI often stands, to end the process with a trace of its own.
/// </summary>
internal sealed class FaultSignals : IDisposable
{
    // More than struct sigaction has on any platform.
    private const int Size = 256;

    // SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSEGV, SIGBUS. Windows has other means.
    private static readonly int[] s_signals = OperatingSystem.IsWindows() ? [] : [4, 5, 6, 8, 11, OperatingSystem.IsMacOS() ? 10 : 7];

    private readonly byte[][] _handlers = Array.ConvertAll(s_signals, signal =>
    {
        byte[] handler = new byte[Size];
        _ = sigaction(signal, null, handler);
        return handler;
    });

    public void Dispose()
    {
        foreach ((int signal, byte[] handler) in s_signals.Zip(_handlers))
        {
            _ = sigaction(signal, handler, null);
        }
    }

    [DllImport("libc")]
    private static extern int sigaction(int signal, byte[]? handler, byte[]? former);
}
