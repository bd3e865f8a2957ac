using System.Diagnostics;

namespace Microsoft.ML.Runtime;

/// <summary>A pipe of messages that nothing in a context listens to.</summary>
internal class Pipe<TMessage>(MessageSource source) : IPipe<TMessage>
{
    public string ContextDescription => Source.FullName;

    protected MessageSource Source { get; } = source;

    public virtual void Send(TMessage msg)
    {
    }

    public TException Process<TException>(TException ex)
        where TException : Exception => Source.Mark(ex);

    public virtual void Dispose()
    {
    }
}

/// <summary>Sends texts to the listener of the context, and traces how long it was open.</summary>
internal sealed class Channel : Pipe<ChannelMessage>, IChannel
{
    private readonly Action<string, ChannelMessage> _listener;
    private readonly long _started = Stopwatch.GetTimestamp();
    private bool _disposed;

    public Channel(MessageSource source, Action<string, ChannelMessage> listener)
        : base(source)
    {
        _listener = listener;
        Trace(MessageSensitivity.None, "Channel started");
    }

    public override void Send(ChannelMessage msg) => _listener(Source.FullName, msg);

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt));

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Trace, sensitivity, fmt, args));

    public void Error(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Error, sensitivity, fmt));

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Error, sensitivity, fmt, args));

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));

    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", Stopwatch.GetElapsedTime(_started));
        Trace(MessageSensitivity.None, "Channel disposed");
    }
}
