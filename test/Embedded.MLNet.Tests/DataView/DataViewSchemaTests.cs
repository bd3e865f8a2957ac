using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.DataView;

[TestClass]
public class DataViewSchemaTests
{
    [TestMethod]
    public void The_last_of_columns_with_the_same_name_hides_the_others()
    {
        DataViewSchema schema = Schema(
            ("A", TextDataViewType.Instance), ("B", TextDataViewType.Instance), ("A", NumberDataViewType.Int32));
        Assert.HasCount(3, schema);
        Assert.AreEqual(2, schema["A"].Index);
        CollectionAssert.AreEqual(new[] { true, false, false }, schema.Select(c => c.IsHidden).ToArray());
    }

    [TestMethod]
    public void A_column_that_is_not_there_is_named()
    {
        DataViewSchema schema = Schema(("A", TextDataViewType.Instance));
        Assert.IsNull(schema.GetColumnOrNull("B"));
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema["B"]);
        StringAssert.Contains(e.Message, "Column 'B' not found");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema[1]);
        Assert.ThrowsExactly<ArgumentNullException>(() => schema[""]);
    }

    [TestMethod]
    public void Annotations_are_read_by_their_type_only()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("Answer", NumberDataViewType.Int32, 42);
        DataViewSchema.Annotations annotations = builder.ToAnnotations();
        int answer = 0;
        annotations.GetValue("Answer", ref answer);
        Assert.AreEqual(42, answer);

        float wrong = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Answer", ref wrong));
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Question", ref answer));
    }

    [TestMethod]
    public void A_getter_must_fit_the_type_of_its_annotation()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Assert.ThrowsExactly<ArgumentException>(() => builder.AddPrimitiveValue("X", NumberDataViewType.Int32, 1f));
        Assert.ThrowsExactly<ArgumentException>(
            () => builder.Add("X", NumberDataViewType.Int32, (Delegate)(ValueGetter<float>)((ref float x) => x = 1)));
    }

    [TestMethod]
    public void Selected_annotations_are_taken_over_with_their_values()
    {
        var source = new DataViewSchema.Annotations.Builder();
        source.AddPrimitiveValue("Kept", NumberDataViewType.Int32, 1);
        source.AddPrimitiveValue("Left", NumberDataViewType.Int32, 2);
        var target = new DataViewSchema.Annotations.Builder();
        target.Add(source.ToAnnotations(), name => name == "Kept");
        DataViewSchema.Annotations annotations = target.ToAnnotations();
        Assert.AreEqual("Kept", annotations.ToString());
        int value = 0;
        annotations.GetValue("Kept", ref value);
        Assert.AreEqual(1, value);
    }

    [TestMethod]
    public void A_column_shows_its_type_and_the_names_of_its_annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("F", new VectorDataViewType(NumberDataViewType.Single, 3), annotations.ToAnnotations());
        Assert.AreEqual("F: Vector<Single, 3> {IsNormalized}", builder.ToSchema()[0].ToString());
    }

    private static DataViewSchema Schema(params (string Name, DataViewType Type)[] columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach ((string name, DataViewType type) in columns)
            builder.AddColumn(name, type);
        return builder.ToSchema();
    }
}
