using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

[TestClass]
public class EnumerableDataViewTests
{
    private readonly MLContext _context = new();

    [TestMethod]
    public void Members_become_columns_of_the_types_the_official_library_gives_them()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Array.Empty<Everything>());
        Assert.AreEqual(
            "Id: Int32; Text: String; Words: Vector<String>; K: Key<UInt32, 0-4>; Ks: Vector<Key<UInt32, 0-4>>; " +
            "V: Vector<Single, 2>; B: Boolean; Vb: Vector<Int32>; M: String; Long: UInt64",
            string.Join("; ", data.Schema));
    }

    [TestMethod]
    public void Values_arrive_in_the_raw_types_of_their_columns()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new Everything
        {
            Id = 3, Text = "text", Words = ["a", null], V = [1, 2], B = true, L = 9, M = "mem".AsMemory(), Vb = new(3, 1, [5], [1]),
        }]);
        Assert.AreEqual(3, data.GetColumn<int>("Id").Single());
        Assert.AreEqual("text", data.GetColumn<ReadOnlyMemory<char>>("Text").Single().ToString());
        CollectionAssert.AreEqual(new[] { "a", "" }, data.GetColumn<string[]>("Words").Single());
        CollectionAssert.AreEqual(new[] { 1f, 2f }, data.GetColumn<float[]>("V").Single());
        Assert.IsTrue(data.GetColumn<bool>("B").Single());
        Assert.AreEqual(9UL, data.GetColumn<ulong>("Long").Single());
        Assert.AreEqual("mem", data.GetColumn<string>("M").Single());
        CollectionAssert.AreEqual(new[] { 0, 5, 0 }, data.GetColumn<int[]>("Vb").Single());
    }

    [TestMethod]
    public void A_null_string_is_empty_text_and_a_null_array_an_empty_vector()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new Everything { Text = null, Words = null }]);
        Assert.AreEqual("", data.GetColumn<string>("Text").Single());
        Assert.IsEmpty(data.GetColumn<string[]>("Words").Single());
    }

    [TestMethod]
    public void Key_members_count_from_0_and_key_columns_from_1_with_0_for_what_is_out_of_range()
    {
        uint[] members = [0, 4, 5, uint.MaxValue];
        IDataView data = _context.Data.LoadFromEnumerable(members.Select(k => new Everything { K = k }));
        CollectionAssert.AreEqual(new[] { 1u, 5u, 0u, 0u }, data.GetColumn<uint>("K").ToArray());
    }

    [TestMethod]
    public void Key_vectors_are_copied_as_they_are()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new Everything { Ks = [0, 1, 9] }]);
        CollectionAssert.AreEqual(new uint[] { 0, 1, 9 }, data.GetColumn<uint[]>("Ks").Single());
    }

    [TestMethod]
    public void Every_pass_enumerates_the_sequence_anew_and_disposes_it()
    {
        int started = 0;
        int ended = 0;
        IEnumerable<Numbers.Row> Rows()
        {
            started++;
            try
            {
                yield return new Numbers.Row { Id = started };
                yield return new Numbers.Row { Id = -started };
            }
            finally
            {
                ended++;
            }
        }

        IDataView data = _context.Data.LoadFromEnumerable(Rows());
        Assert.AreEqual(0, started);
        Assert.AreEqual(1, data.GetColumn<int>("Id").First());
        CollectionAssert.AreEqual(new[] { 2, -2 }, data.Ids());
        Assert.AreEqual(2, ended);
    }

    [TestMethod]
    public void The_row_count_is_known_for_collections_only()
    {
        Assert.AreEqual(2, _context.Data.LoadFromEnumerable(new[] { new Everything(), new Everything() }).GetRowCount());
        Assert.IsNull(Numbers.To(_context, 3).GetRowCount());
    }

    [TestMethod]
    public void The_position_is_minus_one_before_the_first_row_and_after_the_last()
    {
        IDataView data = Numbers.To(_context, 2);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        ValueGetter<int> getter = cursor.GetGetter<int>(data.Schema["Id"]);
        int id = 0;
        Assert.AreEqual(-1, cursor.Position);
        Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref id));
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0, cursor.Position);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(1, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void Only_active_columns_have_getters_and_only_of_their_raw_type()
    {
        IDataView data = Numbers.To(_context, 1);
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Id"]]);
        Assert.IsTrue(cursor.IsColumnActive(data.Schema["Id"]));
        Assert.IsFalse(cursor.IsColumnActive(data.Schema["Half"]));
        var inactive = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<float>(data.Schema["Half"]));
        StringAssert.Contains(inactive.Message, "'Half'");
        var mistyped = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(data.Schema["Id"]));
        StringAssert.Contains(mistyped.Message, "'System.Single', expected type: 'System.Int32'");
    }

    [TestMethod]
    public void A_null_object_is_an_error_when_it_is_reached()
    {
        IDataView data = _context.Data.LoadFromEnumerable(new Numbers.Row[] { new(), null! });
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => data.Ids()).Message, "item 1");
    }

    [TestMethod]
    public void A_given_schema_sets_types_and_annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            "SlotNames",
            new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> names) => names = new(2, ["x".AsMemory(), "y".AsMemory()]));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Numbers", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        IDataView data = _context.Data.LoadFromEnumerable([new Sized { Numbers = [1, 2] }], schema.ToSchema());

        Assert.AreEqual("Vector<Single, 2>", data.Schema["Numbers"].Type.ToString());
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Numbers"].GetSlotNames(ref names);
        Assert.AreEqual("y", names.GetItemOrDefault(1).ToString());
        Assert.IsTrue(data.Schema["Numbers"].HasSlotNames());
    }

    [TestMethod]
    public void A_column_of_a_given_schema_needs_a_member()
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Nowhere", TextDataViewType.Instance);
        var e = Assert.ThrowsExactly<InvalidOperationException>(
            () => _context.Data.LoadFromEnumerable(Array.Empty<Sized>(), schema.ToSchema()));
        StringAssert.Contains(e.Message, "Type should contain a member named Nowhere");
    }

    internal sealed class Everything
    {
        public int Id;
        public string? Text;
        public string?[]? Words;
        [KeyType(5)]
        public uint K;
        [KeyType(5)]
        public uint[]? Ks;
        [VectorType(2)]
        public float[] V = [0, 0];
        public bool B;
        public VBuffer<int> Vb;
        public ReadOnlyMemory<char> M;

        [ColumnName("Long")]
        public ulong L { get; set; }

        [NoColumn]
        public Uri? Elsewhere { get; set; }
    }

    private sealed class Sized
    {
        public float[]? Numbers;
    }
}
