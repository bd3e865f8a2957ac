using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor over some rows of another, with the same columns.</summary>
internal abstract class LinkedRowCursorBase(IChannelProvider provider, DataViewRowCursor input) : RootCursorBase(provider)
{
    public override DataViewSchema Schema => Input.Schema;

    public override long Batch => Input.Batch;

    protected DataViewRowCursor Input { get; } = input;

    public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override void Release() => Input.Dispose();
}
