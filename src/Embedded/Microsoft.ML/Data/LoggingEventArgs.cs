using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>One message of a component.</summary>
public class LoggingEventArgs : EventArgs
{
    public LoggingEventArgs(string message)
    {
        Message = message;
        RawMessage = message;
        Source = "";
    }

    public LoggingEventArgs(string message, ChannelMessageKind kind, string source)
    {
        RawMessage = message;
        Kind = kind;
        Source = source;
        Message = $"[Source={Source}, Kind={Kind}] {RawMessage}";
    }

    /// <summary>The names of the component and of its channel, separated by semicolons.</summary>
    public string Source { get; }

    public ChannelMessageKind Kind { get; }

    /// <summary>The text with its source and kind before it.</summary>
    public string Message { get; }

    /// <summary>The text alone.</summary>
    public string RawMessage { get; }
}
