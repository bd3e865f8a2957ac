namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>Tells where the value of a column changes from one row to the next.</summary>
internal static class ValueChange
{
    /// <summary>
    /// A function that tells whether the value at the row in place differs from that at its last call; true at the first.
    /// </summary>
    /// <param name="row">Whatever moves from row to row.</param>
    /// <param name="column">Text, a key or an integer.</param>
    public static Func<bool> Watch(DataViewRow row, DataViewSchema.Column column)
    {
        Type type = column.Type.RawType;
        return type == typeof(ReadOnlyMemory<char>)
            ? Watch<ReadOnlyMemory<char>>(row, column, (a, b) => a.Span.SequenceEqual(b.Span))
            : type == typeof(sbyte) ? WatchNumber<sbyte>(row, column)
            : type == typeof(byte) ? WatchNumber<byte>(row, column)
            : type == typeof(short) ? WatchNumber<short>(row, column)
            : type == typeof(ushort) ? WatchNumber<ushort>(row, column)
            : type == typeof(int) ? WatchNumber<int>(row, column)
            : type == typeof(uint) ? WatchNumber<uint>(row, column)
            : type == typeof(long) ? WatchNumber<long>(row, column)
            : WatchNumber<ulong>(row, column);
    }

    private static Func<bool> WatchNumber<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, IEquatable<T> =>
        Watch<T>(row, column, (a, b) => a.Equals(b));

    private static Func<bool> Watch<T>(DataViewRow row, DataViewSchema.Column column, Func<T, T, bool> isSame) where T : struct
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T? last = null;
        return () =>
        {
            T value = default;
            getter(ref value);
            bool changed = last is not T before || !isSame(before, value);
            last = value;
            return changed;
        };
    }
}
