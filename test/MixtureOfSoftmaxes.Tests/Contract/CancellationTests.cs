using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Contract;

/// <summary>Whatever takes its time ends soon when <c>MLContext.CancelExecution</c> is called, and only what runs then.</summary>
[TestClass]
public sealed class CancellationTests
{
    private const int RowCount = 5000;

    private readonly MLContext _ml = new(seed: 1);
    private int _rowsRead;

    private IEnumerable<string> Sentences
    {
        get
        {
            for (int i = 0; i < RowCount; i++)
            {
                _rowsRead++;
                yield return $"w{2 + (i % 46)} w{2 + (i * i % 46)}";
            }
        }
    }

    private static IReadOnlyList<double> Uniform { get; } = [.. Enumerable.Repeat(1.0 / KnownModel.Vocabulary, KnownModel.Vocabulary)];

    private static IEnumerable<string> Readers => All.Keys;

    /// <summary>All that reads rows: with a context, its model and its data.</summary>
    private static Dictionary<string, Action<MLContext, ITransformer, IDataView>> All { get; } = new()
    {
        ["fitting words"] = (ml, _, data) => ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Fit(data),
        ["fitting byte pairs"] = (ml, _, data) => ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text").Fit(data),
        ["training"] = (ml, model, data) => Trainer(ml).Fit(Tokenizer(model).Transform(data)),
        ["reading the validation set"] = (ml, model, data) => Trainer(ml, validation: Tokenizer(model).Transform(data))
            .Fit(Tokenizer(model).Transform(ml.Texts("w2"))),
        ["scoring"] = (_, model, data) => model.Transform(data).GetColumn<float>("Perplexity").Count(),
        ["scoring a stream"] = (ml, model, data) => ml.LanguageModeling.ChangeScoring(
            model, scoring => scoring with { Context = ScoringContext.Stream }).Transform(data).GetColumn<float>("Perplexity").Count(),
        ["evaluating"] = (ml, model, data) => ml.LanguageModeling.Evaluate(model.Transform(data)),
        ["counting text"] = (ml, model, data) => ml.LanguageModeling.Evaluate(model.Transform(data), textColumnName: "Text"),
        ["gathering statistics"] = (ml, model, data) => ml.LanguageModeling.AdaptDynamically(model, data),
        ["measuring rank"] = (ml, model, data) => ml.LanguageModeling.AnalyzeRank(model, data),
        ["comparing"] = (ml, model, data) => ml.LanguageModeling.Compare([("a", model)], data),
        ["measuring divergence"] = (ml, model, data) => ml.LanguageModeling.MeasureDivergence(model, data, _ => Uniform),
    };

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void What_reads_rows_ends_at_the_next(string work)
    {
        using TransformerChain<ITransformer> model = Model(_ml);
        IDataView data = _ml.TextsThatCancel(row: 100, Sentences);
        Assert.Throws<OperationCanceledException>(() => All[work](_ml, model, data));
        Assert.IsInRange(101, 103, _rowsRead, work);
    }

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void Nothing_begins_on_a_cancelled_context_but_the_scoring_of_its_models(string work)
    {
        using TransformerChain<ITransformer> model = Model(_ml);
        IDataView data = _ml.Texts(KnownModel.Text(20));
        _ml.Cancel();
        if (work is "scoring" or "scoring a stream")
        {
            // AutoML cancels the context of each model that it returns.
            All[work](_ml, model, data);
        }
        else
        {
            Assert.Throws<OperationCanceledException>(() => All[work](_ml, model, data));
        }
    }

    [TestMethod]
    public void What_is_asked_of_another_context_runs_with_a_model_of_a_cancelled_one()
    {
        using TransformerChain<ITransformer> model = Model(_ml);
        _ml.Cancel();
        var other = new MLContext();
        foreach (Action<MLContext, ITransformer, IDataView> work in All.Values)
        {
            work(other, model, other.Texts(KnownModel.Text(20)));
        }
    }

    [TestMethod]
    public void Learning_of_merges_ends_at_the_next()
    {
        // The last row is read by then, and 20,000 merges are to come.
        string[] texts = [.. Enumerable.Range(0, 3000).Select(i => $"{i * 7919 % 100_003:x} {i * 104_729 % 1_000_003:x}")];
        IDataView data = _ml.TextsThatCancel(row: texts.Length - 1, texts);
        BytePairTokenizingEstimator estimator = _ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text", vocabularySize: 20_000);
        Assert.Throws<OperationCanceledException>(() => estimator.Fit(data));
    }

    [TestMethod]
    public void Computing_ends_at_the_next_pass_through_the_network()
    {
        string[] texts = KnownModel.Text(200);
        Check<AnalysisProgress>((ml, model, progress) => ml.LanguageModeling.AnalyzeRank(model, ml.Texts(texts), progress: progress));
        Check<AnalysisProgress>((ml, model, progress) => ml.LanguageModeling.Compare([("a", model)], ml.Texts(texts), progress: progress));
        Check<AnalysisProgress>(
            (ml, model, progress) => ml.LanguageModeling.MeasureDivergence(model, ml.Texts(texts), _ => Uniform, progress: progress));
        Check<double>((ml, model, progress) => ml.LanguageModeling.AdaptDynamically(model, ml.Texts(texts), progress: progress));
        Check<ScoringProgress>((ml, model, progress) => ml.LanguageModeling.Score(model, KnownModel.Text(2500), progress: progress));
        Check<ScoringProgress>(
            (ml, model, progress) => ml.LanguageModeling.Evaluate(model.Transform(ml.Texts(KnownModel.Text(2500))), progress: progress));

        static void Check<T>(Func<MLContext, ITransformer, IProgress<T>, object> run)
        {
            var ml = new MLContext();
            using TransformerChain<ITransformer> model = Model(ml);
            int reports = 0;
            var progress = new Direct<T>(_ =>
            {
                reports++;
                ml.Cancel();
            });
            Assert.Throws<OperationCanceledException>(() => run(ml, model, progress));

            // Blocks of the pass in work are reported one by one.
            Assert.IsInRange(1, 3, reports, typeof(T).Name);
        }
    }

    [TestMethod]
    [DataRow(ScoringContext.Row)]
    [DataRow(ScoringContext.Stream)]
    public void A_row_of_a_thousand_passes_ends_between_two_of_them(ScoringContext context)
    {
        using TransformerChain<ITransformer> model = Model(_ml, new() { Context = context });
        using var isReading = new ManualResetEventSlim();
        string text = string.Join(' ', Enumerable.Repeat("w2", 256 * 1000));
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { text }.Select(row =>
        {
            isReading.Set();
            return new TextRow { Text = row };
        }));
        Task scoring = Task.Run(() => model.Transform(data).GetColumn<float>("Perplexity").Single());
        Assert.IsTrue(isReading.Wait(TimeSpan.FromMinutes(1)));
        Thread.Sleep(100);
        Assert.IsFalse(scoring.IsCompleted, "it is at work");
        _ml.Cancel();
        Assert.IsInstanceOfType<OperationCanceledException>(Assert.Throws<AggregateException>(scoring.Wait).InnerException);
    }

    [TestMethod]
    public void Drawing_ends_at_the_next_word()
    {
        using TransformerChain<ITransformer> model = Model(_ml);
        TextGenerator generator = _ml.LanguageModeling.CreateTextGenerator(
            model, new GenerationOptions { MaximumTokens = 1_000_000, StopAtEndOfSentence = false });
        int words = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (GeneratedWord _ in generator.Generate())
            {
                if (++words == 2)
                {
                    _ml.Cancel();
                }
            }
        });
        Assert.AreEqual(2, words);
    }

    [TestMethod]
    public void A_search_ends_at_the_next_word()
    {
        using TransformerChain<ITransformer> model = Model(_ml);
        TextGenerator generator = _ml.LanguageModeling.CreateTextGenerator(
            model, new GenerationOptions { MaximumTokens = 1_000_000, StopAtEndOfSentence = false });
        Task search = Task.Run(() => generator.Search(options: new() { Width = 2 }));
        Thread.Sleep(100);
        Assert.IsFalse(search.IsCompleted, "it is at work");
        _ml.Cancel();
        Assert.IsInstanceOfType<OperationCanceledException>(Assert.Throws<AggregateException>(search.Wait).InnerException);
    }

    [TestMethod]
    public void Estimators_of_a_cancelled_context_do_not_fit_whenever_they_were_made_and_those_of_MLNET_do_not_either()
    {
        IDataView points = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 20).Select(i => new Point { Features = [i, i * i], Label = i }).ToArray());
        Check(ml => ml.Regression.Trainers.Sdca(maximumNumberOfIterations: 5), points);
        Check(ml => ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text"), _ml.Texts("a"));
        Check(ml => ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text"), _ml.Texts("a"));
        Check(ml => Trainer(ml), TinyModel.Tokens(["w1"]));

        static void Check<T>(Func<MLContext, IEstimator<T>> make, IDataView rows) where T : ITransformer
        {
            var ml = new MLContext();
            IEstimator<T> before = make(ml);
            Assert.IsNotNull(before.Fit(rows));
            ml.Cancel();
            Assert.Throws<OperationCanceledException>(() => before.Fit(rows));
            Assert.Throws<OperationCanceledException>(() => make(ml).Fit(rows));
        }
    }

    [TestMethod]
    public void A_model_goes_by_the_context_that_it_was_trained_with()
    {
        using LanguageModelTransformer model = Trainer(_ml).Fit(TinyModel.Tokens(["w1 w2"]));
        IDataView scored = model.Transform(TinyModel.Tokens([.. Enumerable.Repeat("w1 w2", 3000)]));
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (float _ in scored.GetColumn<float>("Perplexity"))
            {
                _ml.Cancel();
            }
        });
        Assert.AreEqual(3000, scored.GetColumn<float>("Perplexity").Count(), "a pass that begins later");
    }

    [TestMethod]
    public void Passes_leave_the_random_numbers_of_the_context_alone()
    {
        var other = new MLContext(seed: 1);
        using TransformerChain<ITransformer> model = Model(_ml), same = Model(other);
        IDataView scored = model.Transform(_ml.Texts("w2 w3"));
        _ = other.Texts("w2 w3");
        _ml.LanguageModeling.Evaluate(scored);
        _ml.LanguageModeling.CreateTextGenerator(model, new GenerationOptions { MaximumTokens = 1 }).Generate().ToArray();
        Assert.AreEqual(Draw(other), Draw(_ml));

        static int Draw(MLContext ml) => ((Runtime.IHostEnvironment)ml).Register("Test").Rand.Next();
    }

    private static ITransformer Tokenizer(ITransformer model) => ((IEnumerable<ITransformer>)model).First();

    private static MixtureOfSoftmaxesTrainer Trainer(MLContext ml, IDataView? validation = null)
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 1;
        options.ValidationSet = validation;
        return ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options);
    }

    /// <summary>A saved model, loaded by the context.</summary>
    private static TransformerChain<ITransformer> Model(MLContext ml, ScoringOptions? scoring = null)
    {
        using var known = new KnownModel(LanguageModelHead.MixtureOfSoftmaxes);
        ITransformer model = ml.LanguageModeling.ChangeScoring(known.Chain, _ => scoring ?? new());
        return (TransformerChain<ITransformer>)ml.Model.Load(new MemoryStream(ModelZip.Save(model)), out _);
    }

    private sealed class Point
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
