using Microsoft.ML;
using Microsoft.ML.Data;
using Mos.Input.Tables;
using Parquet.Schema;

namespace Mos.Output;

/// <summary>Score columns as columns of a table.</summary>
internal static class ScoreCell
{
    public static TableColumn Column(DataViewSchema.Column column) => new(column.Name, column.Type is VectorDataViewType vector
        ? new ListField(column.Name, new DataField(ListField.ElementName, Clr(vector.ItemType)))
        : new DataField(column.Name, Clr(column.Type)));

    /// <summary>A function that gives the value at the row that <paramref name="row"/> stands at.</summary>
    public static Func<object?> Open(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => Scalar<ReadOnlyMemory<char>>(row, column, text => text.ToString()),
        VectorDataViewType { ItemType: TextDataViewType } => Vector<ReadOnlyMemory<char>, string>(row, column, text => text.ToString()),
        VectorDataViewType vector when vector.ItemType == NumberDataViewType.Int32 => Vector<int, int>(row, column, number => number),
        VectorDataViewType => Vector<float, float>(row, column, number => number),
        BooleanDataViewType => Scalar<bool>(row, column, flag => flag),
        _ when column.Type == NumberDataViewType.Int32 => Scalar<int>(row, column, number => number),
        _ => Scalar<float>(row, column, number => number),
    };

    private static Type Clr(DataViewType type) => type is TextDataViewType ? typeof(string) : type.RawType;

    private static Func<object?> Scalar<T>(DataViewRow row, DataViewSchema.Column column, Func<T, object> convert)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }

    private static Func<object?> Vector<T, TItem>(DataViewRow row, DataViewSchema.Column column, Func<T, TItem> convert) =>
        Scalar<VBuffer<T>>(row, column, vector => (TItem[])[.. vector.DenseValues().Select(convert)]);
}
