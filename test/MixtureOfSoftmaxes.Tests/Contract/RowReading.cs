using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Contract;

/// <summary>Reads rows of any columns as lists of values, to compare what several cursors give.</summary>
internal static class RowReading
{
    private static readonly MethodInfo s_open =
        typeof(RowReading).GetMethod(nameof(Open), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>By row id in reading order: the values of the columns, those of a vector one by one.</summary>
    public static Dictionary<DataViewRowId, object[][]> ReadAll(this DataViewRowCursor cursor, DataViewSchema.Column[] columns)
    {
        Func<object[]>[] readers = [.. columns.Select(column => OpenAny(cursor, column))];
        ValueGetter<DataViewRowId> idGetter = cursor.GetIdGetter();
        var rows = new Dictionary<DataViewRowId, object[][]>();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            idGetter(ref id);
            rows.Add(id, [.. readers.Select(read => read())]);
        }

        return rows;
    }

    public static object[][] ReadRow(this DataViewRow row, DataViewSchema.Column[] columns) =>
        [.. columns.Select(column => OpenAny(row, column)())];

    /// <summary>Numbers may differ by rounding: what is scored together shares a pass, whose shape decides how sums are rounded.</summary>
    public static void AssertSame(object[][] expected, object[][] actual, string where)
    {
        Assert.HasCount(expected.Length, actual, where);
        foreach ((object[] a, object[] b) in expected.Zip(actual))
        {
            Assert.HasCount(a.Length, b, where);
            Assert.IsTrue(a.Zip(b).All(pair => IsSame(pair.First, pair.Second)), $"{where}: {string.Join(' ', a)} and {string.Join(' ', b)}");
        }
    }

    private static bool IsSame(object a, object b) => a is float x && b is float y
        ? x.Equals(y) || Math.Abs(x - y) <= 1e-5f * Math.Max(1, Math.Abs(x))
        : a.Equals(b);

    private static Func<object[]> OpenAny(DataViewRow row, DataViewSchema.Column column)
    {
        Type item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        return (Func<object[]>)s_open.MakeGenericMethod(item).Invoke(null, [row, column])!;
    }

    private static Func<object[]> Open<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<T>> vectorGetter = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> values = default;
            return () =>
            {
                vectorGetter(ref values);
                return [.. values.DenseValues().Select(Value)];
            };
        }

        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return [Value(value)];
        };
    }

    // Text is compared by its characters.
    private static object Value<T>(T value) => value is ReadOnlyMemory<char> text ? text.ToString() : value!;
}
