using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Core;

[TestClass]
public class SchemaShapeTests
{
    [TestMethod]
    public void The_shape_of_a_schema_has_its_visible_columns_with_annotations_and_no_sizes()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            "KeyValues",
            new VectorDataViewType(TextDataViewType.Instance, 5),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = default);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", TextDataViewType.Instance);
        builder.AddColumn("A", new VectorDataViewType(new KeyDataViewType(typeof(uint), 5)), annotations.ToAnnotations());
        builder.AddColumn("B", new VectorDataViewType(NumberDataViewType.Single, 3));

        var shape = SchemaShape.Create(builder.ToSchema());
        CollectionAssert.AreEqual(new[] { "A", "B" }, shape.Select(c => c.Name).ToArray());
        Assert.AreEqual("VarVector<Key<UInt32>>", shape[0].GetTypeString());
        Assert.AreEqual("Vector<Single>", shape[1].GetTypeString());
        Assert.IsTrue(shape[0].Annotations.TryFindColumn("KeyValues", out SchemaShape.Column values));
        Assert.AreEqual("Vector<String>", values.GetTypeString());
    }

    [TestMethod]
    public void A_column_serves_where_another_is_asked_for_if_kind_type_and_asked_annotations_agree()
    {
        var plain = new SchemaShape.Column("A", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false);
        var names = new SchemaShape.Column("SlotNames", SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);
        var annotated = new SchemaShape.Column(
            "A", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape([names]));
        var scalar = new SchemaShape.Column("A", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false);
        Assert.IsTrue(plain.IsCompatibleWith(annotated));
        Assert.IsFalse(annotated.IsCompatibleWith(plain));
        Assert.IsFalse(plain.IsCompatibleWith(scalar));
    }

    [TestMethod]
    public void A_shape_of_items_that_are_vectors_or_keys_themselves_is_refused()
    {
        const SchemaShape.Column.VectorKind Kind = SchemaShape.Column.VectorKind.Vector;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new SchemaShape.Column("A", Kind, new VectorDataViewType(NumberDataViewType.Single), false));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new SchemaShape.Column("A", Kind, new KeyDataViewType(typeof(uint), 3), false));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new SchemaShape.Column("A", Kind, NumberDataViewType.Single, isKey: true));
    }
}
