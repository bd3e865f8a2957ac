using System.Text;
using Embedded.MLNet.Tests.ModelFormat;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Embedded.MLNet.Tests.Transforms;

[TestClass]
public class KeyTransformTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly TransformsCatalog.ConversionTransforms Conversion = Context.Transforms.Conversion;

    [TestMethod]
    public void Keys_are_numbers_from_1_in_the_order_of_occurrence()
    {
        IDataView data = Names("b", "a", "b", "", "c");
        IDataView mapped = Conversion.MapValueToKey("Key", "Name").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "1", "2", "1", "0", "3" }, ViewText.Column(mapped, "Key"));
        CollectionAssert.AreEqual(new[] { "b", "a", "c" }, ViewText.KeyValues(mapped, "Key"));
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), mapped.Schema["Key"].Type);
    }

    [TestMethod]
    public void Keys_by_value_sort_text_by_its_characters()
    {
        IDataView data = Names("b", "a", "B", "é", "aa");
        IDataView mapped = Conversion.MapValueToKey(
            "Key", "Name", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "B", "a", "aa", "b", "é" }, ViewText.KeyValues(mapped, "Key"));
        CollectionAssert.AreEqual(new[] { "4", "2", "1", "5", "3" }, ViewText.Column(mapped, "Key"));
    }

    [TestMethod]
    public void The_first_values_get_the_keys_where_there_are_more_than_allowed()
    {
        IDataView data = Names("d", "b", "a", "c");
        IDataView mapped = Conversion.MapValueToKey(
            "Key", "Name", maximumNumberOfKeys: 2, keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "2", "1", "0", "0" }, ViewText.Column(mapped, "Key"));
    }

    [TestMethod]
    public void A_value_not_seen_in_training_is_the_missing_key()
    {
        ITransformer model = Conversion.MapValueToKey("Key", "Name").Fit(Names("a"));
        CollectionAssert.AreEqual(new[] { "0", "1" }, ViewText.Column(model.Transform(Names("A", "a")), "Key"));
    }

    [TestMethod]
    public void Key_data_replace_training()
    {
        IDataView keys = Context.Data.LoadFromEnumerable([new { Term = "x" }, new { Term = "y" }, new { Term = "x" }]);
        ITransformer model = Conversion.MapValueToKey("Key", "Name", keyData: keys).Fit(Names("y", "z"));
        CollectionAssert.AreEqual(new[] { "2", "0" }, ViewText.Column(model.Transform(Names("y", "z")), "Key"));
    }

    [TestMethod]
    public void Key_data_have_one_column_of_the_type_of_the_input()
    {
        IDataView two = Context.Data.LoadFromEnumerable([new { A = "x", B = "y" }]);
        IDataView numbers = Context.Data.LoadFromEnumerable([new { A = 1f }]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Conversion.MapValueToKey("Key", "Name", keyData: two));
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Conversion.MapValueToKey("Key", "Name", keyData: numbers).Fit(Names("x")));
        StringAssert.Contains(e.Message, "'Single' but mismatches column 'Name' item type 'String'");
    }

    [TestMethod]
    public void A_vector_of_values_becomes_a_vector_of_keys()
    {
        IDataView data = Context.Data.LoadFromEnumerable(
            [new { Words = new[] { "a", "b", "a" } }, new { Words = Array.Empty<string>() }]);
        IDataView mapped = Conversion.MapValueToKey("Key", "Words").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "1|2|1", "" }, ViewText.Column(mapped, "Key"));
        Assert.AreEqual("Vector<Key<UInt32, 0-1>>", $"{mapped.Schema["Key"].Type}");
    }

    [TestMethod]
    public void A_vector_with_few_known_values_is_sparse_as_it_is_officially()
    {
        var rows = new[] { new { Words = new[] { "a", "?", "?", "?", "?" } } };
        ITransformer model = Conversion.MapValueToKey("Key", "Words", keyData: Names("a")).Fit(Context.Data.LoadFromEnumerable(rows));
        VBuffer<uint> keys = model.Transform(Context.Data.LoadFromEnumerable(rows)).GetColumn<VBuffer<uint>>("Key").Single();
        Assert.IsFalse(keys.IsDense);
        CollectionAssert.AreEqual(new uint[] { 1, 0, 0, 0, 0 }, keys.DenseValues().ToArray());
    }

    [TestMethod]
    public void The_value_a_sparse_vector_leaves_out_takes_its_place_in_the_order()
    {
        IDataView data = new SparseView(new VBuffer<float>(4, 2, [5f, 7f], [0, 2]), new VBuffer<float>(4, 1, [7f], [3]));
        IDataView mapped = Conversion.MapValueToKey("Key", "Values").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "1|2|3|2", "2|2|2|3" }, ViewText.Column(mapped, "Key"));
    }

    [TestMethod]
    public void Not_a_number_gets_no_key()
    {
        IDataView data = Context.Data.LoadFromEnumerable([new { V = 2.5f }, new { V = float.NaN }, new { V = -1f }]);
        IDataView mapped = Conversion.MapValueToKey("Key", "V", addKeyValueAnnotationsAsText: true)
            .Append(Conversion.MapKeyToValue("Back", "Key")).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "1", "0", "2" }, ViewText.Column(mapped, "Key"));
        CollectionAssert.AreEqual(new[] { "2.5", "", "-1" }, ViewText.Column(mapped, "Back"));
    }

    [TestMethod]
    public void Values_come_back_from_their_keys_and_a_missing_number_is_not_a_number()
    {
        IDataView data = Context.Data.LoadFromEnumerable([new { V = 2.5f }, new { V = float.NaN }]);
        IDataView back = Conversion.MapValueToKey("Key", "V")
            .Append(Conversion.MapKeyToValue("Back", "Key")).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 2.5f, float.NaN }, back.GetColumn<float>("Back").ToArray());
    }

    [TestMethod]
    public void Several_columns_are_mapped_at_once()
    {
        IDataView data = Context.Data.LoadFromEnumerable([new { A = "x", B = 3 }, new { A = "y", B = 3 }]);
        IDataView mapped = Conversion.MapValueToKey([new("KeyA", "A"), new("B")]).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "1", "2" }, ViewText.Column(mapped, "KeyA"));
        CollectionAssert.AreEqual(new[] { "1", "1" }, ViewText.Column(mapped, "B"));
        IDataView back = Conversion.MapKeyToValue([new("BackA", "KeyA"), new("BackB", "B")]).Fit(mapped).Transform(mapped);
        CollectionAssert.AreEqual(new[] { "x", "y" }, ViewText.Column(back, "BackA"));
        CollectionAssert.AreEqual(new[] { "3", "3" }, ViewText.Column(back, "BackB"));
    }

    [TestMethod]
    public void Data_without_values_give_a_warning_and_no_key_values()
    {
        var context = new MLContext();
        var warnings = new List<string>();
        context.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        IDataView data = Names("");
        IDataView mapped = context.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(data).Transform(data);
        StringAssert.Contains(warnings.Single(), "'Name' give no keys");
        Assert.HasCount(0, mapped.Schema["Key"].Annotations.Schema);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 1), mapped.Schema["Key"].Type);
    }

    [TestMethod]
    public void A_key_cannot_be_mapped_to_a_key()
    {
        IDataView data = Names("a");
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Conversion.MapValueToKey("Key", "Name").Append(Conversion.MapValueToKey("Again", "Key")).Fit(data));
        StringAssert.Contains(e.Message, "input column 'Key'");
    }

    [TestMethod]
    public void A_column_without_key_values_cannot_be_mapped_to_values()
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Conversion.MapKeyToValue("Out", "Name").Fit(Names("a")));
        StringAssert.Contains(e.Message, "input column 'Name': expected Key, got String");
        IDataView empty = Names("");
        IDataView keys = Conversion.MapValueToKey("Key", "Name").Fit(empty).Transform(empty);
        var e2 = Assert.ThrowsExactly<InvalidOperationException>(() => Conversion.MapKeyToValue("Out", "Key").Fit(keys));
        StringAssert.Contains(e2.Message, "'Key' of type Key<UInt32, 0-0> has no annotation KeyValues");
    }

    [TestMethod]
    [DataRow("1.5;-3;1e20", "1.5;-3;1E+20")]
    public void Terms_of_any_type_survive_saving(string values, string texts)
    {
        double[] numbers = [.. values.Split(';').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture))];
        IDataView data = Context.Data.LoadFromEnumerable(numbers.Select((v, i) => new
        {
            Double = v,
            Flag = v > 0,
            When = new DateTime(2000 + i, 1, 1),
            Length = TimeSpan.FromSeconds(v / 1e19),
            Byte = (byte)i,
        }));
        InputOutputColumnPair[] columns = [new("Double"), new("Flag"), new("When"), new("Length"), new("Byte")];
        ITransformer model = Conversion.MapValueToKey(columns, addKeyValueAnnotationsAsText: true).Fit(data);
        byte[] zip = ZipBytes.Save(model, data.Schema);
        IDataView before = model.Transform(data);
        IDataView after = ZipBytes.Load(zip).Transform(data);
        foreach (InputOutputColumnPair column in columns)
        {
            CollectionAssert.AreEqual(
                ViewText.Column(before, column.OutputColumnName), ViewText.Column(after, column.OutputColumnName));
            CollectionAssert.AreEqual(
                ViewText.KeyValues(before, column.OutputColumnName), ViewText.KeyValues(after, column.OutputColumnName));
        }

        CollectionAssert.AreEqual(texts.Split(';'), ViewText.KeyValues(after, "Double"));
        CollectionAssert.AreEqual(new[] { "1", "0" }, ViewText.KeyValues(after, "Flag"));
        CollectionAssert.AreEqual(
            new[] { "2000-01-01T00:00:00.0000000", "2001-01-01T00:00:00.0000000", "2002-01-01T00:00:00.0000000" },
            ViewText.KeyValues(after, "When"));
        string terms = Encoding.UTF8.GetString(
            ZipBytes.Entries(zip).Single(e => e.Name == "TransformerChain/Vocabulary/Terms.txt").Content);
        StringAssert.StartsWith(terms.ReplaceLineEndings("\n"), "# Number of terms of type 'Double' = 3\n0\t1.5\n1\t-3\n2\t1E+20\n");
    }

    [TestMethod]
    public void A_vocabulary_with_a_term_twice_is_refused()
    {
        byte[] zip = ZipBytes.Save(Conversion.MapValueToKey("Key", "Name").Fit(Names("ab", "ac")), null);
        const string Entry = "TransformerChain/Vocabulary/Model.key";
        byte[] content = ZipBytes.Entries(zip).Single(e => e.Name == Entry).Content;
        int at = content.AsSpan().IndexOf(Encoding.Unicode.GetBytes("abac"));
        byte[] damaged = ZipBytes.WithPatch(zip, Entry, at, Encoding.Unicode.GetBytes("abab"));
        FormatException e = Assert.ThrowsExactly<FormatException>(() => ZipBytes.Load(damaged));
        StringAssert.Contains(e.Message, "'ab' occurs twice");
    }

    [TestMethod]
    public void A_model_without_its_vocabulary_says_so()
    {
        byte[] zip = ZipBytes.Save(Conversion.MapValueToKey("Key", "Name").Fit(Names("a")), null);
        FormatException e = Assert.ThrowsExactly<FormatException>(
            () => ZipBytes.Load(ZipBytes.WithoutEntry(zip, "TransformerChain/Vocabulary/Model.key")));
        StringAssert.Contains(e.Message, "no Vocabulary");
    }

    private static IDataView Names(params string[] names) =>
        Context.Data.LoadFromEnumerable(names.Select(name => new { Name = name }));
}
