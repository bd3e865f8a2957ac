using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Columns;

/// <summary>What walks a pipe finds our steps where ML.NET's own would stand.</summary>
[TestClass]
public sealed class PipeTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Text => _ml.Texts("a b", "", "c unknown");

    private static IEnumerable<(string Name, ITransformer Model)> Models()
    {
        ITransformer model = TinyModel.Untrained();
        ITransformer[] steps = [.. (IEnumerable<ITransformer>)model];
        return
        [
            ("a word tokenizer", steps[0]), ("a byte-pair tokenizer", BytePairModel.Tokenizer("a b")), ("a model", model),
            ("a stream", TinyModel.Untrained(new() { Context = ScoringContext.Stream })),
        ];
    }

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_conversion_to_ONNX_is_refused_as_that_of_a_custom_mapping_is(string name, ITransformer model)
    {
        ITransformer custom = _ml.Transforms.CustomMapping<TextRow, TokenRow>((_, _) => { }, contractName: null).Fit(Text);
        var copy = new { Name = "Copy", Of = model.GetOutputSchema(Text.Schema).Last(column => !column.IsHidden).Name };
        ITransformer before = _ml.Transforms.CopyColumns("Copy", "Text").Fit(Text);
        ITransformer after = _ml.Transforms.CopyColumns(copy.Name, copy.Of).Fit(model.Transform(Text));
        foreach (Func<ITransformer, ITransformer> place in new Func<ITransformer, ITransformer>[] { Alone, Behind })
        {
            string expected = Assert.Throws<InvalidOperationException>(() => Convert(place(custom))).Message;
            Assert.Contains("can not be fully converted", expected);
            Assert.AreEqual(expected, Assert.Throws<InvalidOperationException>(() => Convert(place(model))).Message, name);
        }

        Assert.Throws<Exception>(() => Convert(new TransformerChain<ITransformer>(model, after)));

        ITransformer Alone(ITransformer step) => step;

        ITransformer Behind(ITransformer step) => new TransformerChain<ITransformer>(before, step);
    }

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_view_is_a_step_whose_source_is_the_input(string name, ITransformer model)
    {
        IDataView input = Text, view = model.Transform(input);
        int steps = 0;
        for (; SourceOf(view) is IDataView source; view = source)
        {
            steps++;
        }

        Assert.AreSame(input, view, name);
        Assert.AreEqual(model is IEnumerable<ITransformer> chain ? chain.Count() : 1, steps, name);
    }

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_view_can_be_previewed_cached_written_and_saved_with(string name, ITransformer model)
    {
        IDataView view = model.Transform(Text);
        string column = model.GetOutputSchema(Text.Schema).Last(added => !added.IsHidden).Name;
        string[] expected = [.. view.Preview().ColumnView.Last(added => added.Column.Name == column).Values.Select(value => $"{value}")];
        Assert.HasCount(3, expected);
        Check(model.Preview(Text));
        Check(_ml.Data.Cache(view).Preview());
        using (var binary = new MemoryStream())
        {
            _ml.Data.SaveAsBinary(view, binary);
            using var folder = new TemporaryFolder();
            File.WriteAllBytes(folder.PathOf("rows.idv"), binary.ToArray());
            Check(_ml.Data.LoadFromBinary(folder.PathOf("rows.idv")).Preview());
        }

        using var zip = new MemoryStream();
        _ml.Model.Save(model, view.Schema, zip);
        Check(_ml.Model.Load(zip, out DataViewSchema inputSchema).Preview(Text));
        Assert.AreSequenceEqual(view.Schema.Select(added => added.Name), inputSchema.Select(added => added.Name), name);

        void Check(DataDebuggerPreview preview) => Assert.AreSequenceEqual(
            expected, preview.ColumnView.Last(added => added.Column.Name == column).Values.Select(value => $"{value}"), name);
    }

    [TestMethod]
    public void The_importance_of_scores_as_features_is_measured_through_the_pipe()
    {
        // The label is the number of tokens, which one feature is and the other is not.
        string[] sentences = TinyLanguage.Sentences(seed: 6, count: 200);
        IDataView data = _ml.Data.LoadFromEnumerable(
            sentences.Select(text => new Labelled { Text = text, Label = text.Split(' ').Length + 1 }).ToArray());
        var scored = new EstimatorChain<ITransformer>()
            .Append(_ml.Transforms.Conversion.ConvertType("Length", "TokenCount"))
            .Append(_ml.Transforms.Concatenate("Features", "Length", "BitsPerCharacter"))
            .Append(_ml.Regression.Trainers.Sdca(maximumNumberOfIterations: 50));
        IDataView view = TinyModel.Trained.Transform(data);
        ITransformer[] steps = [.. (IEnumerable<ITransformer>)TinyModel.Trained, .. scored.Fit(view)];
        var model = new TransformerChain<ITransformer>(steps);
        var importance = _ml.Regression.PermutationFeatureImportance((ITransformer)model, model.Transform(data));
        Assert.IsLessThan(-0.5, importance["Length"].RSquared.Mean);
        Assert.IsGreaterThan(importance["Length"].RSquared.Mean + 0.3, importance["BitsPerCharacter"].RSquared.Mean);
    }

    [TestMethod]
    public void A_pipeline_is_cross_validated_fold_by_fold()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(
            TinyLanguage.Sentences(seed: 6, count: 60).Select(text => new Labelled { Text = text, Label = text.Length }).ToArray());
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 1;
        var pipeline = _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text")
            .Append(_ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options))
            .Append(_ml.Transforms.CopyColumns("Score", "LogLikelihood"));
        var folds = _ml.Regression.CrossValidate(data, pipeline, numberOfFolds: 3);
        Assert.HasCount(3, folds);
        Assert.AreEqual(60, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<float>("Score").Count()));
    }

    private static IDataView? SourceOf(IDataView view) => view.GetType().GetInterfaces()
        .SingleOrDefault(type => type.FullName == "Microsoft.ML.Data.IDataTransform")?.GetProperty("Source")!.GetValue(view) as IDataView;

    private void Convert(ITransformer model)
    {
        using var file = new MemoryStream();
        _ml.Model.ConvertToOnnx(model, Text, file);
    }

    private sealed class TokenRow
    {
        public float Tokens { get; set; }
    }

    private sealed class Labelled
    {
        public string Text { get; set; } = "";

        public float Label { get; set; }
    }
}
