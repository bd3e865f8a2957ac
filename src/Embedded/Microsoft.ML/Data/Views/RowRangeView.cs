using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Some consecutive rows of a view, in its own order.</summary>
internal sealed class RowRangeView(IHostEnvironment env, IDataView input, long skip, long take) : IDataView
{
    private readonly IHost _host = env.Register("SkipTakeFilter");

    public bool CanShuffle => false;

    public DataViewSchema Schema => input.Schema;

    public long? GetRowCount() => input.GetRowCount() is long count ? Math.Min(Math.Max(0, count - skip), take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(_host, input.GetRowCursor(columnsNeeded), skip, take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(IHost host, DataViewRowCursor input, long skip, long take) : LinkedRowCursorBase(host, input)
    {
        private long _toSkip = skip;

        public override long Batch => 0;

        protected override bool MoveNextCore()
        {
            for (; _toSkip > 0; _toSkip--)
            {
                if (!Input.MoveNext())
                    return false;
            }

            return Position + 1 < take && Input.MoveNext();
        }
    }
}
