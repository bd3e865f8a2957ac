using Embedded.MLNet.Tests.ModelFormat;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Transforms;

[TestClass]
public class ColumnTransformTests
{
    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(
    [
        new { A = 1f, B = "one", V = new[] { 10f, 11f } },
        new { A = 2f, B = "two", V = new[] { 20f, 21f } },
    ]);

    [TestMethod]
    public void A_copy_has_the_values_and_annotations_of_its_source()
    {
        IDataView copied = Context.Transforms.Conversion.MapValueToKey("Key", "B")
            .Append(Context.Transforms.CopyColumns("Copy", "Key")).Fit(Data).Transform(Data);
        CollectionAssert.AreEqual(new[] { "1", "2" }, ViewText.Column(copied, "Copy"));
        CollectionAssert.AreEqual(new[] { "one", "two" }, ViewText.KeyValues(copied, "Copy"));
    }

    [TestMethod]
    public void A_new_column_stands_behind_the_one_of_its_name_and_hides_it()
    {
        IDataView copied = Context.Transforms.CopyColumns("A", "B").Fit(Data).Transform(Data);
        CollectionAssert.AreEqual(
            new[] { "A Single True", "A String False", "B String False", "V Vector<Single> False" },
            copied.Schema.Select(c => $"{c.Name} {c.Type} {c.IsHidden}").ToArray());
        CollectionAssert.AreEqual(new[] { "one", "two" }, ViewText.Column(copied, "A"));
        CollectionAssert.AreEqual(new[] { 1f, 2f }, copied.GetColumn<float>(copied.Schema[0]).ToArray());
    }

    [TestMethod]
    public void Concatenated_columns_keep_their_order_and_name_their_slots()
    {
        IDataView data = Fixed();
        IDataView joined = Context.Transforms.Concatenate("F", "A", "V", "A")
            .Append(Context.Transforms.Concatenate("G", "F", "A")).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "1|10|11|1", "2|20|21|2" }, ViewText.Column(joined, "F"));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 4), joined.Schema["F"].Type);
        CollectionAssert.AreEqual(new[] { "A", "", "", "A" }, ViewText.SlotNames(joined, "F"));
        CollectionAssert.AreEqual(new[] { "F.A", "", "", "F.A", "A" }, ViewText.SlotNames(joined, "G"));
    }

    [TestMethod]
    public void Concatenated_sparse_vectors_stay_sparse()
    {
        IDataView data = new SparseView(new VBuffer<float>(4, 1, [5f], [2]));
        IDataView joined = Context.Transforms.Concatenate("F", "Values", "Values").Fit(data).Transform(data);
        VBuffer<float> vector = joined.GetColumn<VBuffer<float>>("F").Single();
        Assert.AreEqual(8, vector.Length);
        CollectionAssert.AreEqual(new[] { 2, 6 }, vector.GetIndices().ToArray());
        CollectionAssert.AreEqual(new[] { 5f, 5f }, vector.GetValues().ToArray());
        Assert.AreEqual("Vector<Single>", $"{joined.Schema["F"].Type}");
    }

    [TestMethod]
    public void Columns_of_different_types_cannot_be_concatenated()
    {
        var e = Assert.ThrowsExactly<InvalidOperationException>(
            () => Context.Transforms.CopyColumns("C", "A").Append(Context.Transforms.Concatenate("F", "A", "B")).Fit(Data));
        StringAssert.Contains(e.Message, "Column 'B' has type of String");
        var e2 = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Context.Transforms.Concatenate("F", "A", "B").Fit(Data).Transform(Data));
        StringAssert.Contains(e2.Message, "input column 'B': expected Single, got String");
    }

    [TestMethod]
    public void Dropped_columns_are_gone_and_the_others_stay_in_order()
    {
        IDataView left = Context.Transforms.DropColumns("B").Fit(Data).Transform(Data);
        CollectionAssert.AreEqual(new[] { "A", "V" }, left.Schema.Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "10|11", "20|21" }, ViewText.Column(left, "V"));
    }

    [TestMethod]
    public void Selected_columns_stand_in_the_order_of_their_names()
    {
        IDataView left = Context.Transforms.SelectColumns("V", "A").Fit(Data).Transform(Data);
        CollectionAssert.AreEqual(new[] { "V", "A" }, left.Schema.Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "1", "2" }, ViewText.Column(left, "A"));
    }

    [TestMethod]
    [DataRow(true, 2)]
    [DataRow(false, 1)]
    public void Hidden_columns_are_kept_if_asked(bool keepHidden, int expected)
    {
        IDataView left = Context.Transforms.CopyColumns("A", "B").Append(Context.Transforms.SelectColumns(["A"], keepHidden))
            .Fit(Data).Transform(Data);
        Assert.HasCount(expected, left.Schema);
        CollectionAssert.AreEqual(new[] { "one", "two" }, ViewText.Column(left, "A"));
    }

    [TestMethod]
    public void Missing_columns_are_named()
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Context.Transforms.DropColumns("A", "X", "Y").Fit(Data));
        StringAssert.Contains(e.Message, "'X,Y'");
        e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Context.Transforms.CopyColumns("C", "X").Fit(Data));
        StringAssert.Contains(e.Message, "'X'");
    }

    [TestMethod]
    public void Column_transforms_survive_saving()
    {
        IDataView data = Fixed();
        IEstimator<ITransformer> pipeline = Context.Transforms.CopyColumns("A2", "A")
            .Append(Context.Transforms.Concatenate("F", "A2", "V"))
            .Append(Context.Transforms.SelectColumns(["F", "B", "A"], keepHidden: true))
            .Append(Context.Transforms.DropColumns("A"));
        ITransformer model = pipeline.Fit(data);
        ITransformer loaded = ZipBytes.Load(ZipBytes.Save(model, data.Schema), out DataViewSchema schema);
        Assert.AreEqual(
            "column 0 F Vector<Single, 3> hidden=False\ncolumn 1 B String hidden=False\nF=1|10|11\nB=one\nF=2|20|21\nB=two\n",
            ViewText.Describe(loaded.Transform(data)));
        Assert.AreEqual(ViewText.Describe(model.Transform(data)), ViewText.Describe(loaded.Transform(data)));
        CollectionAssert.AreEqual(data.Schema.Select(c => $"{c}").ToArray(), schema.Select(c => $"{c}").ToArray());
    }

    private static IDataView Fixed()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["V"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        return Context.Data.LoadFromEnumerable(
            new Row[] { new() { A = 1, B = "one", V = [10, 11] }, new() { A = 2, B = "two", V = [20, 21] } }, definition);
    }

    private sealed class Row
    {
        public float A { get; set; }

        public string B { get; set; } = "";

        public float[] V { get; set; } = [];
    }
}
