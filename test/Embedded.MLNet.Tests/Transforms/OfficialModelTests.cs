using System.Globalization;
using Embedded.MLNet.Tests.ModelFormat;
using Microsoft.ML;

namespace Embedded.MLNet.Tests.Transforms;

[TestClass]
public class OfficialModelTests
{
    [TestMethod]
    [DataRow(OfficialModels.TokenizeKeys)]
    [DataRow(OfficialModels.KeysBack)]
    public void An_official_model_gives_what_it_gave_officially(string name)
    {
        string path = OfficialModels.PathOf($"{name}.zip");
        string expected = File.ReadAllText(OfficialModels.PathOf($"{name}.expected.txt"));
        var context = new MLContext();

        ITransformer model = context.Model.Load(path, out DataViewSchema schema);

        Assert.AreEqual("Text: String", $"{schema.Single()}");
        Assert.AreEqual(expected.Trim(), ViewText.Describe(model.Transform(OfficialModels.Rows(context))).Trim());
    }

    [TestMethod]
    [DataRow(OfficialModels.TokenizeKeys)]
    [DataRow(OfficialModels.KeysBack)]
    public void The_same_pipeline_saved_here_has_the_official_entries_byte_for_byte(string name)
    {
        byte[] official = File.ReadAllBytes(OfficialModels.PathOf($"{name}.zip"));
        var context = new MLContext(seed: 1);
        IDataView rows = OfficialModels.Rows(context);
        byte[] own = ZipBytes.Save(OfficialModels.Pipeline(context, name).Fit(rows), rows.Schema);

        (string Name, byte[] Content)[] officialEntries = ZipBytes.Entries(official);
        (string Name, byte[] Content)[] ownEntries = ZipBytes.Entries(own);
        CollectionAssert.AreEqual(officialEntries.Select(e => e.Name).ToArray(), ownEntries.Select(e => e.Name).ToArray());
        foreach (((string entry, byte[] expected), (_, byte[] actual)) in officialEntries.Zip(ownEntries))
            Assert.AreEqual(Convert.ToHexString(expected), Convert.ToHexString(actual), $"Entry {entry}");
    }

    [TestMethod]
    [DataRow(OfficialModels.TokenizeKeys)]
    [DataRow(OfficialModels.KeysBack)]
    public void An_official_model_saved_again_is_the_same_again(string name)
    {
        byte[] official = File.ReadAllBytes(OfficialModels.PathOf($"{name}.zip"));
        byte[] again = ZipBytes.Save(ZipBytes.Load(official, out DataViewSchema schema), schema);
        foreach (((string entry, byte[] expected), (_, byte[] actual)) in ZipBytes.Entries(official).Zip(ZipBytes.Entries(again)))
            Assert.AreEqual(Convert.ToHexString(expected), Convert.ToHexString(actual), $"Entry {entry}");
    }

    [TestMethod]
    public void A_model_from_a_machine_of_another_culture_is_the_same()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            byte[] here = Save();
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NegativeSign = "~", NumberDecimalSeparator = "," } };
            byte[] there = Save();
            foreach (((string entry, byte[] expected), (_, byte[] actual)) in ZipBytes.Entries(here).Zip(ZipBytes.Entries(there)))
                CollectionAssert.AreEqual(expected, actual, $"Entry {entry}");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        static byte[] Save()
        {
            var context = new MLContext();
            IDataView data = context.Data.LoadFromEnumerable([new { Number = -1.5f }, new { Number = 2.25f }]);
            return ZipBytes.Save(context.Transforms.Conversion.MapValueToKey("Key", "Number").Fit(data), data.Schema);
        }
    }
}
