using System.Runtime.InteropServices;

namespace Mos;

/// <summary>While it lives, a first Ctrl-C (or SIGTERM) cancels its token, and a second ends the process as usual.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _signals;

    public Interrupt(Session session, string notice)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation);
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Handle))];

        void Handle(PosixSignalContext context)
        {
            context.Cancel = !_source.IsCancellationRequested;
            if (context.Cancel)
            {
                session.WriteMessage(notice);
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
