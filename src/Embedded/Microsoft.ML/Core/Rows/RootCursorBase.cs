using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor that counts its own rows: every one that does not move in step with another.</summary>
internal abstract class RootCursorBase : DataViewRowCursor
{
    private readonly IChannel _channel;
    private long _position = -1;
    private bool _disposed;

    protected RootCursorBase(IChannelProvider provider)
    {
        Contracts.CheckValue(provider, nameof(provider));
        _channel = provider.Start("Cursor");
    }

    public sealed override long Position => _position;

    public sealed override bool MoveNext()
    {
        if (_disposed)
            return false;
        if (MoveNextCore())
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    protected abstract bool MoveNextCore();

    /// <summary>For getters: their values are undefined before the first row and after the last.</summary>
    protected void CheckOnRow()
    {
        if (_position < 0)
            throw new InvalidOperationException("A getter was called before the first MoveNext or after the last.");
    }

    protected sealed override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        if (disposing)
        {
            Release();
            _channel.Dispose();
            _position = -1;
        }

        base.Dispose(disposing);
    }

    /// <summary>Disposes what the cursor holds; called once, at the end of the rows if not before.</summary>
    protected virtual void Release()
    {
    }
}
