using System.Buffers.Binary;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Embedded.MLNet.Tests.ModelFormat;

[TestClass]
public class SchemaFileTests
{
    [TestMethod]
    public void Every_byte_of_the_schema_of_two_columns_stands_where_the_format_has_it()
    {
        byte[] annotationValues = [1, 7, 0];
        byte[] annotationTable =
        [
            2, .. Text("IsNormalized"), .. Description("Boolean"), 0, .. Int64(256), 1,
            .. Text("Set"), .. Description("Key2", [.. Description("UInt16"), .. Int64(9)]), 0, .. Int64(257), 2,
        ];
        long annotationsAt = 256 + annotationValues.Length;
        long columnsAt = annotationsAt + annotationTable.Length;
        byte[] keyType = Description("Key2", [.. Description("UInt32"), .. Int64(5)]);
        byte[] columns =
        [
            .. Text("T"), .. Description("TextSpan"), 1, 1, .. Int64(256, 0),
            .. Text("K"), .. Description("VBuffer", [.. keyType, .. Int32(1, 2)]), 1, 1, .. Int64(256, annotationsAt),
        ];
        byte[] header = new byte[256];
        Encoding.ASCII.GetBytes("CML\0DVB\0").CopyTo(header, 0);
        Int64(0x0001000100010006, 0x0001000100010006, columnsAt, columnsAt + columns.Length, 0).CopyTo(header, 8);
        Int32(2).CopyTo(header, 48);

        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        annotations.AddPrimitiveValue("Set", new KeyDataViewType(typeof(ushort), 9), (ushort)7);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("T", TextDataViewType.Instance);
        builder.AddColumn("K", new VectorDataViewType(new KeyDataViewType(typeof(uint), 5), 2), annotations.ToAnnotations());

        byte[] expected = [.. header, .. annotationValues, .. annotationTable, .. columns, .. Encoding.ASCII.GetBytes("\0BVD\0LMC")];
        CollectionAssert.AreEqual(expected, Write(builder.ToSchema()));
    }

    [TestMethod]
    public void Every_byte_of_a_block_of_vectors_stands_where_the_format_has_it()
    {
        var codec = (ValueCodec<VBuffer<ReadOnlyMemory<char>>>)ValueCodecs.ForTypeOrNull(
            new VectorDataViewType(TextDataViewType.Instance))!;
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
            codec.Write(writer, [Vector("ab", "", "c"), new VBuffer<ReadOnlyMemory<char>>(4, 1, ["d".AsMemory()], [2])]);

        // Two vectors of no common length: 3 and 4, one dense, one with 1 of its values, at index 2; then 4 texts and their ends.
        byte[] expected =
        [
            .. Int32(2, 0, 3, 4, -1, 1, 1, 2), .. Int32(4, 2, 2, 3, 4), .. Text("abcd"),
        ];
        CollectionAssert.AreEqual(expected, stream.ToArray());
    }

    [TestMethod]
    public void Names_and_types_come_back_as_saved()
    {
        PrimitiveDataViewType[] primitives =
        [
            NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
            NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
            NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
            TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance,
            RowIdDataViewType.Instance, new KeyDataViewType(typeof(byte), 200), new KeyDataViewType(typeof(ulong), ulong.MaxValue),
        ];
        DataViewType[] types =
        [
            .. primitives, .. primitives.Select(type => new VectorDataViewType(type)),
            .. primitives.Select(type => new VectorDataViewType(type, 2, 0, 3)),
        ];
        var builder = new DataViewSchema.Builder();
        for (int i = 0; i < types.Length; i++)
            builder.AddColumn($"Spalte № {i % 40}", types[i]);

        DataViewSchema saved = builder.ToSchema();
        DataViewSchema loaded = Read(Write(saved));
        Assert.HasCount(types.Length, loaded);
        for (int i = 0; i < types.Length; i++)
        {
            Assert.AreEqual(types[i], loaded[i].Type);
            Assert.AreEqual(saved[i].Name, loaded[i].Name);
            Assert.AreEqual(saved[i].IsHidden, loaded[i].IsHidden);
        }
    }

    [TestMethod]
    public void Annotations_come_back_as_saved()
    {
        string[] words = [.. Enumerable.Range(0, 500).Select(i => $"word {i % 7}"), "", "ünïcode"];
        var sparse = new VBuffer<float>(9, 2, [1.5f, float.NaN], [3, 8]);
        var time = new DateTimeOffset(2024, 2, 29, 23, 59, 58, TimeSpan.FromMinutes(-210));
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add("Words", new VectorDataViewType(TextDataViewType.Instance, words.Length), Getter(Vector(words)));
        builder.Add("Sparse", new VectorDataViewType(NumberDataViewType.Single), Getter(sparse));
        builder.Add("Empty", new VectorDataViewType(NumberDataViewType.Int64), Getter(new VBuffer<long>(0, [])));
        builder.Add("Bits", new VectorDataViewType(BooleanDataViewType.Instance, 9), Getter(
            new VBuffer<bool>(9, [true, false, false, true, false, false, false, true, true])));
        builder.AddPrimitiveValue("Text", TextDataViewType.Instance, "one".AsMemory());
        builder.AddPrimitiveValue("Time", DateTimeOffsetDataViewType.Instance, time);
        builder.AddPrimitiveValue("Date", DateTimeDataViewType.Instance, time.DateTime);
        builder.AddPrimitiveValue("Span", TimeSpanDataViewType.Instance, TimeSpan.FromTicks(-3));
        builder.AddPrimitiveValue("Id", RowIdDataViewType.Instance, new DataViewRowId(1, 2));
        builder.AddPrimitiveValue("Key", new KeyDataViewType(typeof(ushort), 9), (ushort)4);

        DataViewSchema.Annotations loaded = RoundTrip(builder.ToAnnotations());
        Assert.HasCount(10, loaded.Schema);
        CollectionAssert.AreEqual(
            words, Value<VBuffer<ReadOnlyMemory<char>>>(loaded, "Words").DenseValues().Select(w => $"{w}").ToArray());
        VBuffer<float> loadedSparse = Value<VBuffer<float>>(loaded, "Sparse");
        Assert.AreEqual(9, loadedSparse.Length);
        CollectionAssert.AreEqual(new[] { 3, 8 }, loadedSparse.GetIndices().ToArray());
        CollectionAssert.AreEqual(new[] { 1.5f, float.NaN }, loadedSparse.GetValues().ToArray());
        Assert.AreEqual(0, Value<VBuffer<long>>(loaded, "Empty").Length);
        CollectionAssert.AreEqual(
            new[] { true, false, false, true, false, false, false, true, true },
            Value<VBuffer<bool>>(loaded, "Bits").GetValues().ToArray());
        Assert.AreEqual("one", $"{Value<ReadOnlyMemory<char>>(loaded, "Text")}");
        Assert.AreEqual(time, Value<DateTimeOffset>(loaded, "Time"));
        Assert.AreEqual(time.Offset, Value<DateTimeOffset>(loaded, "Time").Offset);
        Assert.AreEqual(time.DateTime, Value<DateTime>(loaded, "Date"));
        Assert.AreEqual(-3, Value<TimeSpan>(loaded, "Span").Ticks);
        Assert.AreEqual(new DataViewRowId(1, 2), Value<DataViewRowId>(loaded, "Id"));
        Assert.AreEqual((ushort)4, Value<ushort>(loaded, "Key"));
    }

    [TestMethod]
    public void A_large_annotation_is_compressed()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        VBuffer<ReadOnlyMemory<char>> words = Vector([.. Enumerable.Repeat("x", 10_000)]);
        builder.Add("Words", new VectorDataViewType(TextDataViewType.Instance, words.Length), Getter(words));
        // The lengths and characters of the words alone take 50,000 bytes.
        Assert.IsLessThan(25_000, Write(SchemaOf(builder.ToAnnotations())).Length);
    }

    [TestMethod]
    public void A_column_of_a_type_that_has_no_binary_form_is_left_out_with_a_warning()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Text", TextDataViewType.Instance);
        builder.AddColumn("Alien", new AlienType());
        var warnings = new List<string>();
        var context = new MLContext();
        context.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        using var stream = new MemoryStream();
        SchemaFile.Write(context, stream, builder.ToSchema());

        Assert.AreEqual("Text", Read(stream.ToArray()).Single().Name);
        StringAssert.Contains(warnings.Single(), "'Alien' is left out");
    }

    [TestMethod]
    public void A_column_of_a_type_that_is_not_known_here_is_left_out_with_a_warning()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", TextDataViewType.Instance);
        builder.AddColumn("B", NumberDataViewType.Single);
        byte[] bytes = Write(builder.ToSchema());
        int at = bytes.AsSpan().IndexOf("TextSpan"u8);
        bytes[at] = (byte)'N';

        Assert.AreEqual("B", Read(bytes).Single().Name);
    }

    private static DataViewSchema.Annotations RoundTrip(DataViewSchema.Annotations annotations) =>
        Read(Write(SchemaOf(annotations)))[0].Annotations;

    private static DataViewSchema SchemaOf(DataViewSchema.Annotations annotations)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Column", NumberDataViewType.Single, annotations);
        return builder.ToSchema();
    }

    private static byte[] Write(DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        SchemaFile.Write(new MLContext(), stream, schema);
        return stream.ToArray();
    }

    private static DataViewSchema Read(byte[] bytes) => SchemaFile.Read(new MLContext(), new MemoryStream(bytes));

    private static T Value<T>(DataViewSchema.Annotations annotations, string kind)
    {
        T value = default!;
        annotations.GetValue(kind, ref value);
        return value;
    }

    private static VBuffer<ReadOnlyMemory<char>> Vector(params string[] texts) =>
        new(texts.Length, [.. texts.Select(text => text.AsMemory())]);

    private static ValueGetter<VBuffer<T>> Getter<T>(VBuffer<T> value) =>
        (ref VBuffer<T> destination) => value.CopyTo(ref destination);

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Description(string name, params byte[] parameters) =>
        [.. Text(name), (byte)parameters.Length, .. parameters];

    private static byte[] Int32(params int[] values)
    {
        byte[] bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), values[i]);
        return bytes;
    }

    private static byte[] Int64(params long[] values)
    {
        byte[] bytes = new byte[8 * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 * i), values[i]);
        return bytes;
    }

    private sealed class AlienType() : StructuredDataViewType(typeof(Uri))
    {
        public override bool Equals(DataViewType? other) => other is AlienType;
    }
}
