using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Binds the columns of a schema to the members of a class and fills objects of it from rows.</summary>
internal sealed class ObjectReader<TRow>
    where TRow : class, new()
{
    private readonly List<(MemberColumn Member, DataViewSchema.Column Column)> _bindings = [];

    public ObjectReader(IHostEnvironment env, DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition? definition)
    {
        foreach (MemberColumn member in MemberColumn.Bind(typeof(TRow), SchemaDefinition.Direction.Write, definition))
        {
            if (schema.GetColumnOrNull(member.Column.Name) is not { } column)
            {
                if (!ignoreMissingColumns)
                    throw env.ExceptSchemaMismatch(nameof(schema), "needed", member.Column.Name);
                continue;
            }

            // Sizes and key counts are for the data to say; what must agree is how a value is stored.
            if (IsVector(column.Type) != IsVector(member.Column.Type)
                || column.Type.GetItemType().RawType != member.Column.Type.GetItemType().RawType)
            {
                throw env.Except(
                    $"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to field or property " +
                        $"'{member.MemberName}' of type '{member.MemberType.FullName}'.");
            }

            _bindings.Add((member, column));
        }
    }

    public IEnumerable<DataViewSchema.Column> Columns => _bindings.Select(b => b.Column);

    public Action<TRow> MakeFiller(DataViewRow row)
    {
        Action<TRow>[] setters = [.. _bindings.Select(b => b.Member.MakeSetter<TRow>(row, b.Column))];
        return target =>
        {
            foreach (Action<TRow> set in setters)
                set(target);
        };
    }

    public IEnumerable<TRow> Read(IDataView data, bool reuseRowObject)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(Columns);
        Action<TRow> fill = MakeFiller(cursor);
        var row = new TRow();
        while (cursor.MoveNext())
        {
            fill(row);
            yield return row;
            if (!reuseRowObject)
                row = new TRow();
        }
    }

    private static bool IsVector(DataViewType type) => type is VectorDataViewType;
}
