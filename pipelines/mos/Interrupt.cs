using System.Runtime.InteropServices;

namespace Mos;

/// <summary>
/// Until disposed, a first Ctrl-C (or SIGTERM, SIGQUIT, or SIGHUP where a terminal was closed) cancels the token, and a second one ends the
/// process as usual.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private static readonly PosixSignal[] s_handled = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _signals;

    /// <param name="session">Its cancellation cancels the token too.</param>
    /// <param name="notice">Says what the first Ctrl-C does; shown when it comes.</param>
    public Interrupt(Session session, string notice)
    {
        int count = 0;
        _source = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation);
        _signals = [.. s_handled.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

        void Handle(PosixSignalContext context)
        {
            // A command that runs another one hears the signal too, and either may be first: each goes by its own count, not by the token.
            if (Interlocked.Increment(ref count) == 1)
            {
                context.Cancel = true;
                if (session.Launcher is null)
                {
                    session.WriteMessage(notice); // mpirun tells its processes to end where one has failed, and says that itself
                }

                _source.Cancel();
            }
        }
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _source.Dispose();
    }
}
