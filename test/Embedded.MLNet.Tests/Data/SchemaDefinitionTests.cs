using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

[TestClass]
public class SchemaDefinitionTests
{
    [TestMethod]
    public void A_definition_lists_fields_then_properties_by_column_name()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(EnumerableDataViewTests.Everything));
        Assert.AreEqual("Long", definition[^1].ColumnName);
        Assert.AreEqual("L", definition["Long"].MemberName);
        Assert.IsNull(definition["L"]);
        Assert.IsNull(definition["Elsewhere"]);
    }

    [TestMethod]
    public void Properties_count_in_the_direction_they_can_be_used()
    {
        string[] Names(SchemaDefinition.Direction direction) =>
            [.. SchemaDefinition.Create(typeof(OneWay), direction).Select(c => c.ColumnName)];

        CollectionAssert.AreEqual(new[] { "Read" }, Names(SchemaDefinition.Direction.Read));
        CollectionAssert.AreEqual(new[] { "Written" }, Names(SchemaDefinition.Direction.Write));
        CollectionAssert.AreEqual(new[] { "Read", "Written" }, Names(SchemaDefinition.Direction.Both));
    }

    [TestMethod]
    public void Annotations_of_a_definition_reach_the_schema()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Numbers.Row));
        definition["Half"].AddAnnotation("Names", new[] { "p", "q" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        IDataView data = new MLContext().Data.LoadFromEnumerable(Array.Empty<Numbers.Row>(), definition);
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Half"].Annotations.GetValue("Names", ref names);
        Assert.AreEqual("q", names.GetItemOrDefault(1).ToString());
        Assert.ThrowsExactly<InvalidOperationException>(
            () => definition["Half"].AddAnnotation("Names", "twice", TextDataViewType.Instance));
    }

    [TestMethod]
    public void An_annotation_must_fit_its_type()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Numbers.Row));
        Assert.ThrowsExactly<InvalidOperationException>(
            () => definition["Half"].AddAnnotation("A", 1, new VectorDataViewType(NumberDataViewType.Int32)));
        Assert.ThrowsExactly<InvalidOperationException>(
            () => definition["Half"].AddAnnotation("A", 1f, NumberDataViewType.Int32));
    }

    [TestMethod]
    [DataRow(typeof(KeyOfInt), "Member Q marked with KeyType attribute, but does not appear to be a valid kind of data")]
    [DataRow(typeof(VectorOfScalar), "Member Q marked with VectorTypeAttribute, but does not appear to be a vector type")]
    [DataRow(typeof(NullableInt), "Could not determine an IDataView type")]
    [DataRow(typeof(Twice), "Duplicate column name 'Q' detected, this is disallowed")]
    public void A_class_that_makes_no_sense_is_refused(Type type, string message)
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SchemaDefinition.Create(type));
        StringAssert.Contains(e.Message, message);
    }

    [TestMethod]
    public void A_column_type_must_fit_the_member()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Numbers.Row));
        definition["Half"].ColumnType = NumberDataViewType.Double;
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new MLContext().Data.LoadFromEnumerable(Array.Empty<Numbers.Row>(), definition));
        StringAssert.Contains(
            e.Message, "Column 'Half' is supposed to have item type System.Double, but associated field has type System.Single");
    }

#pragma warning disable CS0649 // Members that are only reflected on.
    private sealed class OneWay
    {
        public int Read => 1;

        public int Written
        {
            set { }
        }
    }

    private sealed class KeyOfInt
    {
        [KeyType(3)]
        public int Q;
    }

    private sealed class VectorOfScalar
    {
        [VectorType(3)]
        public int Q;
    }

    private sealed class NullableInt
    {
        public int? Q;
    }

    private sealed class Twice
    {
        public int Q;
        [ColumnName("Q")]
        public int R;
    }
}
