using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Gives every row a number from 0 to 1 that decides the part of a split it belongs to: at random, or from the value of a
/// sampling key column, so that rows of equal value stay together. Rows whose number is NaN belong to no part.
/// </summary>
internal sealed class SplitFraction
{
    private const uint DefaultRandomSeed = 42;
    private const uint DefaultHashSeed = 314489979;
    private const int HashBits = 30;

    private readonly Func<DataViewRowCursor, Func<double>> _make;

    private SplitFraction(DataViewSchema.Column? column, Func<DataViewRowCursor, Func<double>> make) =>
        (Column, _make) = (column, make);

    /// <summary>The column that must be active to tell the number.</summary>
    public DataViewSchema.Column? Column { get; }

    public static SplitFraction Random(int? seed) =>
        new(null, cursor =>
        {
            // One number a row, read in the order of the rows, whatever else is read of them.
            var random = new TauswortheHybrid((uint?)seed ?? DefaultRandomSeed);
            return () => random.NextSingle();
        });

    public static SplitFraction OfColumn(IHostEnvironment env, IDataView data, string columnName, int? seed)
    {
        DataViewSchema.Column column = data.Schema.GetColumnOrNull(columnName)
            ?? throw env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", columnName);
        uint hashSeed = (uint?)seed ?? DefaultHashSeed;
        Type raw = column.Type.RawType;
        if (column.Type is KeyDataViewType key)
            return GenericCall.Invoke<SplitFraction>(OfKey<uint>, raw, column, key.Count);
        if (column.Type is TextDataViewType)
            return new(column, cursor => OfText(cursor.GetGetter<ReadOnlyMemory<char>>(column), hashSeed));
        if (raw == typeof(float) || raw == typeof(double))
            return GenericCall.Invoke<SplitFraction>(OfReal<double>, raw, data, column);
        if (column.Type is NumberDataViewType)
            return GenericCall.Invoke<SplitFraction>(OfInteger<int>, raw, column, hashSeed);
        throw env.ExceptSchemaMismatch(
            "samplingKeyColumn", "SamplingKeyColumn", columnName, "a key, text or number", $"{column.Type}");
    }

    public Func<double> MakeReader(DataViewRowCursor cursor) => _make(cursor);

    private static SplitFraction OfKey<T>(DataViewSchema.Column column, ulong count)
        where T : IBinaryInteger<T> =>
        new(column, cursor =>
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(column);
            return () =>
            {
                T value = T.Zero;
                getter(ref value);
                ulong number = ulong.CreateTruncating(value);
                return number == 0 || number > count ? double.NaN : (number - 0.5) / count;
            };
        });

    private static SplitFraction OfReal<T>(IDataView data, DataViewSchema.Column column)
        where T : IFloatingPointIeee754<T>
    {
        T[] values = [.. data.GetColumn<T>(column).Where(T.IsFinite)];
        (T min, T max) = values.Length == 0 ? (T.Zero, T.Zero) : (values.Min()!, values.Max()!);
        T scale = max > min ? T.One / (max - min) : T.Zero;
        return new(column, cursor =>
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(column);
            return () =>
            {
                T value = T.Zero;
                getter(ref value);
                return double.CreateChecked((value - min) * scale);
            };
        });
    }

    private static SplitFraction OfInteger<T>(DataViewSchema.Column column, uint seed)
        where T : IBinaryInteger<T> =>
        new(column, cursor =>
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(column);
            byte[] bytes = new byte[Math.Max(sizeof(int), T.Zero.GetByteCount())];
            return () =>
            {
                T value = T.Zero;
                getter(ref value);
                Span<byte> wide = stackalloc byte[sizeof(long)];
                BinaryPrimitives.WriteInt64LittleEndian(wide, long.CreateTruncating(value));
                wide[..bytes.Length].CopyTo(bytes);
                return OfHash(Murmur3.Hash(seed, bytes));
            };
        });

    private static Func<double> OfText(ValueGetter<ReadOnlyMemory<char>> getter, uint seed)
    {
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getter(ref value);
            return value.IsEmpty ? double.NaN : OfHash(Murmur3.Hash(seed, Encoding.UTF8.GetBytes(value.Trim(' ').ToString())));
        };
    }

    private static double OfHash(uint hash) => ((hash & ((1u << HashBits) - 1)) + 0.5) / (1u << HashBits);
}
