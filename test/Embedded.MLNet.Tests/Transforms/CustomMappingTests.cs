using Embedded.MLNet.Tests.ModelFormat;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Embedded.MLNet.Tests.Transforms;

[TestClass]
public class CustomMappingTests
{
    private const string Contract = "CountOfTests";

    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(
        [new { Words = new[] { "a", "b" }, Other = 1f }, new { Words = new[] { "c" }, Other = 2f }]);

    [TestMethod]
    public void A_mapping_adds_the_columns_of_its_output_class()
    {
        IDataView mapped = Estimator(Contract).Fit(Data).Transform(Data);
        CollectionAssert.AreEqual(new[] { "Words", "Other", "Count", "Joined" }, mapped.Schema.Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 2, 1 }, mapped.GetColumn<int>("Count").ToArray());
        CollectionAssert.AreEqual(new[] { "a+b", "c" }, ViewText.Column(mapped, "Joined"));
    }

    [TestMethod]
    public void A_mapping_runs_once_for_each_row_and_not_at_all_for_other_columns()
    {
        int calls = 0;
        IDataView mapped = Context.Transforms.CustomMapping<Input, Output>((_, _) => calls++, null).Fit(Data).Transform(Data);
        Assert.AreEqual(4 * 2, ViewText.Describe(mapped).Split('\n').Count(line => line.Contains('=') && !line.StartsWith("column")));
        Assert.AreEqual(2, calls);
        ViewText.Column(mapped, "Other");
        Assert.AreEqual(2, calls);
    }

    [TestMethod]
    public void A_saved_mapping_is_found_by_its_contract_without_registration()
    {
        IEstimator<ITransformer> pipeline = Context.Transforms.CopyColumns("Again", "Other").Append(Estimator(Contract));
        byte[] zip = ZipBytes.Save(pipeline.Fit(Data), Data.Schema);
        CollectionAssert.AreEqual(new[] { "a+b", "c" }, ViewText.Column(ZipBytes.Load(zip).Transform(Data), "Joined"));
        CollectionAssert.AreEqual(ZipBytes.Entries(zip).Select(e => e.Content.Length).ToArray(),
            ZipBytes.Entries(ZipBytes.Save(ZipBytes.Load(zip), Data.Schema)).Select(e => e.Content.Length).ToArray());
    }

    [TestMethod]
    public void A_mapping_without_contract_cannot_be_saved()
    {
        var e = Assert.ThrowsExactly<InvalidOperationException>(() => ZipBytes.Save(Estimator(null).Fit(Data), Data.Schema));
        StringAssert.Contains(e.Message, "Empty contract name");
    }

    [TestMethod]
    public void A_contract_that_no_class_has_is_named_with_the_remedy()
    {
        byte[] zip = ZipBytes.Save(Estimator("Nobody's").Fit(Data), Data.Schema);
        var e = Assert.ThrowsExactly<InvalidOperationException>(() => ZipBytes.Load(zip));
        StringAssert.Contains(e.Message, "'Nobody's'");
        StringAssert.Contains(e.Message, "RegisterAssembly");
    }

    [TestMethod]
    public void A_column_that_does_not_fit_the_input_class_is_named()
    {
        var estimator = Context.Transforms.CustomMapping<Output, Input>((_, _) => { }, null);
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Data));
        StringAssert.Contains(e.Message, "'Count'");
        e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Context.Transforms.CopyColumns("Words", "Other").Append(Estimator(null)).Fit(Data));
        StringAssert.Contains(e.Message, "input column 'Words': expected VarVector<String>, got Single");
    }

    private static CustomMappingEstimator<Input, Output> Estimator(string? contract) =>
        Context.Transforms.CustomMapping(new Factory().GetMapping(), contract);

    internal sealed class Input
    {
        public string[] Words { get; set; } = [];
    }

    internal sealed class Output
    {
        public int Count { get; set; }

        public string Joined { get; set; } = "";
    }

    [CustomMappingFactoryAttribute(Contract)]
    private sealed class Factory : CustomMappingFactory<Input, Output>
    {
        public override Action<Input, Output> GetMapping() => (input, output) =>
        {
            output.Count = input.Words.Length;
            output.Joined = string.Join('+', input.Words);
        };
    }
}
