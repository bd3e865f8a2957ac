using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Values as they stand in memory: numbers, row identifiers, and times as their ticks.</summary>
internal sealed class BlittableCodec<T>(PrimitiveDataViewType type) : ValueCodec<T>(type, typeof(T).Name)
    where T : unmanaged
{
    public override ValueCodec OfKeys(KeyDataViewType type) => new KeyCodec<T>(type, this);

    public override void Write(BinaryWriter writer, ReadOnlySpan<T> values) => writer.Write(MemoryMarshal.AsBytes(values));

    public override T[] Read(BinaryReader reader, int count)
    {
        reader.CheckCount(count, Unsafe.SizeOf<T>());
        var values = new T[count];
        reader.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}

/// <summary>Keys as their numbers; the type's parameters are those of the number and the count of keys.</summary>
internal sealed class KeyCodec<T>(KeyDataViewType type, BlittableCodec<T> numbers) : ValueCodec<T>(type, ValueCodecs.KeyName)
    where T : unmanaged
{
    public override void WriteParameters(BinaryWriter writer)
    {
        ValueCodecs.WriteDescription(writer, numbers);
        writer.Write(type.Count);
    }

    public override void Write(BinaryWriter writer, ReadOnlySpan<T> values) => numbers.Write(writer, values);

    public override T[] Read(BinaryReader reader, int count) => numbers.Read(reader, count);
}

/// <summary>The lowest bit of the first byte is the first value.</summary>
internal sealed class BooleanCodec() : ValueCodec<bool>(BooleanDataViewType.Instance, nameof(Boolean))
{
    public override void Write(BinaryWriter writer, ReadOnlySpan<bool> values)
    {
        var bytes = new byte[(values.Length + 7) / 8];
        for (int i = 0; i < values.Length; i++)
            bytes[i / 8] |= (byte)((values[i] ? 1 : 0) << (i % 8));
        writer.Write(bytes);
    }

    public override bool[] Read(BinaryReader reader, int count)
    {
        reader.CheckCount(count / 8);
        var bytes = new byte[(count + 7) / 8];
        reader.ReadExactly(bytes);
        return [.. Enumerable.Range(0, count).Select(i => (bytes[i / 8] & (1 << (i % 8))) != 0)];
    }
}

/// <summary>Ticks.</summary>
internal sealed class DateTimeCodec() : ValueCodec<DateTime>(DateTimeDataViewType.Instance, nameof(DateTime))
{
    public override void Write(BinaryWriter writer, ReadOnlySpan<DateTime> values)
    {
        foreach (DateTime value in values)
            writer.Write(value.Ticks);
    }

    public override DateTime[] Read(BinaryReader reader, int count)
    {
        reader.CheckCount(count, sizeof(long));
        var values = new DateTime[count];
        for (int i = 0; i < count; i++)
            values[i] = new DateTime(reader.ReadInt64());
        return values;
    }
}

/// <summary>All offsets in minutes, then the ticks of all local times.</summary>
internal sealed class DateTimeOffsetCodec()
    : ValueCodec<DateTimeOffset>(DateTimeOffsetDataViewType.Instance, nameof(DateTimeOffset))
{
    public override void Write(BinaryWriter writer, ReadOnlySpan<DateTimeOffset> values)
    {
        foreach (DateTimeOffset value in values)
            writer.Write((short)value.Offset.TotalMinutes);
        foreach (DateTimeOffset value in values)
            writer.Write(value.DateTime.Ticks);
    }

    public override DateTimeOffset[] Read(BinaryReader reader, int count)
    {
        reader.CheckCount(count, sizeof(short) + sizeof(long));
        var offsets = new TimeSpan[count];
        for (int i = 0; i < count; i++)
            offsets[i] = TimeSpan.FromMinutes(reader.ReadInt16());
        var values = new DateTimeOffset[count];
        for (int i = 0; i < count; i++)
            values[i] = new DateTimeOffset(reader.ReadInt64(), offsets[i]);
        return values;
    }
}
