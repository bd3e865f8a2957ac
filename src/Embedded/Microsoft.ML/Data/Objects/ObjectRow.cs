using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Getters of the active columns, made once and checked for their type when asked for.</summary>
internal sealed class GetterTable(DataViewSchema schema, Func<DataViewSchema.Column, Delegate?> make)
{
    private readonly Delegate?[] _getters = [.. schema.Select(make)];

    public bool IsActive(DataViewSchema.Column column)
    {
        Contracts.CheckParam((uint)column.Index < (uint)_getters.Length, nameof(column), "The schema has no such column.");
        return _getters[column.Index] is not null;
    }

    public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsActive(column), nameof(column), $"requested column not active: '{column.Name}'");
        return _getters[column.Index] as ValueGetter<TValue> ?? throw Contracts.Except(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', " +
                $"expected type: '{column.Type.RawType}'.");
    }
}

/// <summary>A row over one object at a time, for a prediction engine.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly GetterTable _getters;
    private TRow? _current;
    private long _position = -1;

    public ObjectRow(MemberColumn[] columns)
    {
        Schema = SchemaExtensions.MakeSchema(columns.Select(c => c.Column));
        _getters = new GetterTable(Schema, column => columns[column.Index].MakeGetter(Current));
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public void MoveTo(TRow row)
    {
        _current = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

    private TRow Current() => _current ?? throw new InvalidOperationException("There is no row yet.");
}
