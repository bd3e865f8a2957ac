using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

[TestClass]
public class ChainTests
{
    private readonly MLContext _context = new();

    [TestMethod]
    public void Estimators_are_fitted_on_what_the_ones_before_them_make()
    {
        EstimatorChain<Multiplier> pipeline =
            new MultiplierEstimator("Whole", "Half", 2).Append(new MultiplierEstimator("Ten", "Whole", 10));
        TransformerChain<Multiplier> model = pipeline.Fit(Numbers.To(_context, 3));
        IDataView transformed = model.Transform(Numbers.To(_context, 3));
        CollectionAssert.AreEqual(new[] { 0f, 10f, 20f }, transformed.GetColumn<float>("Ten").ToArray());
        Assert.AreSame(model.LastTransformer, model.Last());
        Assert.IsInstanceOfType<MultiplierEstimator>(pipeline.LastEstimator);
        Assert.HasCount(2, model.ToArray());
    }

    [TestMethod]
    public void A_later_column_of_the_same_name_hides_the_earlier()
    {
        IDataView data = new Multiplier("Half", "Half", 4).Transform(Numbers.To(_context, 3));
        Assert.AreEqual(4, data.Schema.Count);
        Assert.IsTrue(data.Schema[2].IsHidden);
        CollectionAssert.AreEqual(new[] { 0f, 2f, 4f }, data.GetColumn<float>("Half").ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 0.5f, 1f }, data.GetColumn<float>(data.Schema[2]).ToArray());
    }

    [TestMethod]
    public void The_schema_is_checked_for_the_whole_chain_before_anything_is_fitted()
    {
        var first = new MultiplierEstimator("A", "Half", 1);
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => first.Append(new MultiplierEstimator("B", "Nowhere", 1)).Fit(Numbers.To(_context, 1)));
        StringAssert.Contains(e.Message, "'Nowhere'");
        Assert.AreEqual(0, first.Fits);
    }

    [TestMethod]
    public void Transforming_reads_nothing()
    {
        static IEnumerable<Numbers.Row> Rows()
        {
            Assert.Fail("The rows were read.");
            yield break;
        }

        IDataView input = _context.Data.LoadFromEnumerable(Rows());
        IDataView data = new TransformerChain<ITransformer>(new Multiplier("A", "Half", 1)).Transform(input);
        Assert.IsNotNull(data.Schema.GetColumnOrNull("A"));
        var unfit = new TransformerChain<ITransformer>(new Multiplier("A", "Nowhere", 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => unfit.Transform(input));
    }

    [TestMethod]
    public void Appending_to_a_chain_of_any_type_keeps_it_flat()
    {
        IEstimator<ITransformer> pipeline = new EstimatorChain<ITransformer>();
        foreach (string name in new[] { "A", "B", "C" })
        {
            IEstimator<ITransformer> next = new MultiplierEstimator(name, "Half", 1);
            pipeline = pipeline.Append(next);
        }

        Assert.HasCount(3, ((TransformerChain<ITransformer>)pipeline.Fit(Numbers.To(_context, 1))).ToArray());
    }

    [TestMethod]
    public void A_transformer_takes_part_in_its_scopes_only()
    {
        TransformerChain<Multiplier> model = new EstimatorChain<ITransformer>()
            .Append(new MultiplierEstimator("A", "Half", 1), TransformerScope.TrainTest)
            .Append(new MultiplierEstimator("B", "Half", 1))
            .Fit(Numbers.To(_context, 1));
        DataViewSchema input = Numbers.To(_context, 1).Schema;
        Assert.IsNull(model.GetOutputSchema(input).GetColumnOrNull("A"));
        Assert.IsNotNull(model.GetOutputSchema(input, TransformerScope.Training).GetColumnOrNull("A"));
        Assert.HasCount(1, model.GetModelFor(TransformerScope.Scoring).ToArray());
    }

    [TestMethod]
    public void A_cache_checkpoint_spares_later_estimators_the_source()
    {
        int passes = 0;
        IEnumerable<Numbers.Row> Rows()
        {
            passes++;
            yield return new Numbers.Row();
        }

        new MultiplierEstimator("A", "Half", 1).AppendCacheCheckpoint(_context)
            .Append(new Reader())
            .Fit(_context.Data.LoadFromEnumerable(Rows()));
        Assert.AreEqual(1, passes);
        Assert.ThrowsExactly<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_context));
    }

    [TestMethod]
    public void The_fitted_transformer_goes_to_the_delegate()
    {
        Multiplier? seen = null;
        Multiplier fitted = new MultiplierEstimator("A", "Half", 1).WithOnFitDelegate(t => seen = t).Fit(Numbers.To(_context, 1));
        Assert.AreSame(fitted, seen);
    }

    [TestMethod]
    public void Disposing_a_chain_disposes_its_transformers()
    {
        var transformer = new Multiplier("A", "Half", 1);
        new TransformerChain<ITransformer>(transformer).Dispose();
        Assert.IsTrue(transformer.IsDisposed);
    }

    [TestMethod]
    public void A_chain_needs_a_scope_for_each_transformer_and_a_last_one_of_its_type()
    {
        var transformer = new Multiplier("A", "Half", 1);
        Assert.ThrowsExactly<InvalidOperationException>(() => new TransformerChain<ITransformer>([transformer], []));
        Assert.ThrowsExactly<InvalidOperationException>(() => new TransformerChain<TransformerChain<ITransformer>>(transformer));
    }

    /// <summary>An estimator that reads its data twice.</summary>
    private sealed class Reader : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            input.GetColumn<float>("A").ToArray();
            input.GetColumn<float>("A").ToArray();
            return new Multiplier("C", "A", 1);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
