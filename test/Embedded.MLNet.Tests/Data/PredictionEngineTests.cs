using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

[TestClass]
public class PredictionEngineTests
{
    private readonly MLContext _context = new();
    private readonly TransformerChain<Multiplier> _model =
        new(new Multiplier("Whole", "Half", 2), new Multiplier("Ten", "Whole", 10));

    [TestMethod]
    public void Each_example_goes_through_the_whole_chain()
    {
        using PredictionEngine<Numbers.Row, Prediction> engine = Engine<Prediction>(_model);
        Assert.AreEqual(30f, engine.Predict(new Numbers.Row { Half = 1.5f }).Ten);
        Prediction prediction = engine.Predict(new Numbers.Row { Half = 2, Name = "n" });
        Assert.AreEqual(40f, prediction.Ten);
        Assert.AreEqual("n", prediction.Name);
        CollectionAssert.AreEqual(
            new[] { "Id", "Name", "Half", "Whole", "Ten" }, engine.OutputSchema.Select(c => c.Name).ToArray());
    }

    [TestMethod]
    public void A_given_prediction_is_filled_again_and_a_null_one_made()
    {
        using PredictionEngine<Numbers.Row, Prediction> engine = Engine<Prediction>(_model);
        var prediction = new Prediction();
        Prediction same = prediction;
        engine.Predict(new Numbers.Row { Half = 1 }, ref prediction);
        Assert.AreSame(same, prediction);
        Assert.AreEqual(20f, same.Ten);
        prediction = null!;
        engine.Predict(new Numbers.Row { Half = 3 }, ref prediction);
        Assert.AreEqual(60f, prediction.Ten);
    }

    [TestMethod]
    public void A_null_example_is_refused()
    {
        using PredictionEngine<Numbers.Row, Prediction> engine = Engine<Prediction>(_model);
        Assert.ThrowsExactly<ArgumentNullException>(() => engine.Predict(null!));
    }

    [TestMethod]
    public void Members_without_a_column_are_left_unless_they_must_be_there()
    {
        using PredictionEngine<Numbers.Row, Surplus> lenient = Engine<Surplus>(_model);
        Assert.AreEqual(-1f, lenient.Predict(new Numbers.Row()).Nowhere);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Model.CreatePredictionEngine<Numbers.Row, Surplus>(_model, ignoreMissingColumns: false));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Model.CreatePredictionEngine<Numbers.Row, Surplus>(_model, Numbers.To(_context, 1).Schema));
    }

    [TestMethod]
    public void An_engine_disposes_the_transformer_only_if_it_owns_it()
    {
        var kept = new Multiplier("A", "Half", 1);
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        _context.Model.CreatePredictionEngine<Numbers.Row, Prediction>(kept, options).Dispose();
        Assert.IsFalse(kept.IsDisposed);
        var owned = new Multiplier("A", "Half", 1);
        Engine<Prediction>(owned).Dispose();
        Assert.IsTrue(owned.IsDisposed);
    }

    [TestMethod]
    public void Only_columns_the_prediction_asks_for_are_active()
    {
        DataViewRow? seen = null;
        using PredictionEngine<Numbers.Row, TenOnly> engine =
            Engine<TenOnly>(new TransformerChain<ITransformer>(_model, new Spy(row => seen = row)));
        Assert.AreEqual(20f, engine.Predict(new Numbers.Row { Half = 1 }).Ten);
        Assert.IsNotNull(seen);
        Assert.IsTrue(seen.IsColumnActive(seen.Schema["Ten"]));
        Assert.IsFalse(seen.IsColumnActive(seen.Schema["Name"]));
    }

    [TestMethod]
    public void A_transformer_that_maps_no_single_rows_is_refused()
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Engine<Prediction>(new TransformerChain<ITransformer>(new Spy(null))));
        StringAssert.Contains(e.Message, "Must be a row to row mapper");
    }

    private PredictionEngine<Numbers.Row, TPrediction> Engine<TPrediction>(ITransformer model)
        where TPrediction : class, new() => _context.Model.CreatePredictionEngine<Numbers.Row, TPrediction>(model);

    private sealed class Prediction
    {
        public float Ten { get; set; }

        public string? Name { get; set; }
    }

    private sealed class TenOnly
    {
        public float Ten { get; set; }
    }

    private sealed class Surplus
    {
        public float Nowhere = -1;
    }

    /// <summary>Passes rows through and shows them; without a viewer it maps none.</summary>
    private sealed class Spy(Action<DataViewRow>? view) : ITransformer, IRowToRowMapper
    {
        public bool IsRowToRowMapper => view is not null;

        public DataViewSchema InputSchema { get; private set; } = null!;

        public DataViewSchema OutputSchema => InputSchema;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
        {
            InputSchema = inputSchema;
            return this;
        }

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
            dependingColumns;

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            view!(input);
            return input;
        }

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
