using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor that stands on the same row as its input and adds to it.</summary>
internal abstract class SynchronizedCursorBase : DataViewRowCursor
{
    private readonly IChannel _channel;

    // Chains of synchronized cursors are long; asking the root directly keeps each step as cheap as the first.
    private readonly DataViewRowCursor _root;
    private bool _disposed;

    protected SynchronizedCursorBase(IChannelProvider provider, DataViewRowCursor input)
    {
        _channel = provider.Start("Cursor");
        Input = input;
        _root = input is SynchronizedCursorBase synchronized ? synchronized._root : input;
    }

    public sealed override long Position => _root.Position;

    public sealed override long Batch => _root.Batch;

    protected DataViewRowCursor Input { get; }

    public sealed override bool MoveNext() => _root.MoveNext();

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        if (disposing)
        {
            Input.Dispose();
            _channel.Dispose();
        }

        base.Dispose(disposing);
    }
}
