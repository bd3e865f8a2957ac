using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Transforms;

/// <summary>Data views as text: a line a column, then of each row a line a column.</summary>
internal static class ViewText
{
    public static string Describe(IDataView view)
    {
        var text = new StringBuilder();
        foreach (DataViewSchema.Column column in view.Schema)
            text.Append($"column {column.Index} {column.Name} {column.Type} hidden={column.IsHidden}\n");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Func<string>[] values = [.. view.Schema.Select(column => Value(cursor, column))];
        while (cursor.MoveNext())
        {
            foreach (DataViewSchema.Column column in view.Schema)
                text.Append($"{column.Name}={values[column.Index]()}\n");
        }

        return text.ToString();
    }

    /// <summary>The values of a column, those of a vector joined with '|'.</summary>
    public static string[] Column(IDataView view, string name)
    {
        DataViewSchema.Column column = view.Schema[name];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        Func<string> value = Value(cursor, column);
        var values = new List<string>();
        while (cursor.MoveNext())
            values.Add(value());
        return [.. values];
    }

    public static string[] KeyValues(IDataView view, string name)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        view.Schema[name].GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    public static string[] SlotNames(IDataView view, string name)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema[name].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(value => value.ToString())];
    }

    private static Func<string> Value(DataViewRow row, DataViewSchema.Column column)
    {
        return column.Type.RawType switch
        {
            Type type when type == typeof(ReadOnlyMemory<char>) => Scalar<ReadOnlyMemory<char>>(),
            Type type when type == typeof(uint) => Scalar<uint>(),
            Type type when type == typeof(int) => Scalar<int>(),
            Type type when type == typeof(float) => Scalar<float>(),
            Type type when type == typeof(VBuffer<ReadOnlyMemory<char>>) => Vector<ReadOnlyMemory<char>>(),
            Type type when type == typeof(VBuffer<uint>) => Vector<uint>(),
            Type type when type == typeof(VBuffer<float>) => Vector<float>(),
            Type type => throw new NotSupportedException($"{type}"),
        };

        Func<string> Scalar<T>()
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return $"{value}";
            };
        }

        Func<string> Vector<T>()
        {
            ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> value = default;
            return () =>
            {
                getter(ref value);
                return string.Join('|', value.DenseValues());
            };
        }
    }
}
