using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns of a row: those of its input, and the active ones of what a mapper adds.</summary>
internal sealed class MappedColumns
{
    private readonly DataViewRow _input;
    private readonly ColumnBindings _bindings;
    private readonly Delegate?[] _newGetters;
    private readonly Action? _disposer;

    public MappedColumns(
        DataViewRow input, ColumnBindings bindings, IRowMapper mapper, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _input = input;
        _bindings = bindings;
        _newGetters = mapper.CreateGetters(input, bindings.NewOnesOf(activeColumns), out _disposer);
    }

    public bool IsActive(DataViewSchema.Column column)
    {
        int origin = _bindings.OriginOf(column, out bool isNew);
        return isNew ? _newGetters[origin] is not null : _input.IsColumnActive(_input.Schema[origin]);
    }

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int origin = _bindings.OriginOf(column, out bool isNew);
        if (!isNew)
            return _input.GetGetter<TValue>(_input.Schema[origin]);
        Contracts.CheckParam(_newGetters[origin] is not null, nameof(column), $"requested column not active: '{column.Name}'");
        return _newGetters[origin] as ValueGetter<TValue> ?? throw Contracts.Except(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
    }

    public void Dispose() => _disposer?.Invoke();
}
