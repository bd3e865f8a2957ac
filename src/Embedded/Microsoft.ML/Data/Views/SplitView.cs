using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view whose number, in a <see cref="SplitFraction"/>, is in one part of a split.</summary>
internal sealed class SplitView(IHostEnvironment env, IDataView input, SplitFraction fraction, Func<double, bool> accept)
    : IDataView
{
    private readonly IHost _host = env.Register("RangeFilter");

    public bool CanShuffle => false;

    public DataViewSchema Schema => input.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        IEnumerable<DataViewSchema.Column> needed = fraction.Column is { } column ? columnsNeeded.Append(column) : columnsNeeded;
        return new Cursor(_host, input.GetRowCursor(needed.DistinctBy(c => c.Index)), fraction, accept);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(IHost host, DataViewRowCursor input, SplitFraction fraction, Func<double, bool> accept)
        : LinkedRowCursorBase(host, input)
    {
        private readonly Func<double> _read = fraction.MakeReader(input);

        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
            {
                if (accept(_read()))
                    return true;
            }

            return false;
        }
    }
}
