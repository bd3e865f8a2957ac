using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

/// <summary>Rows as continuations of another column of theirs.</summary>
[TestClass]
public sealed class ContextColumnTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Each_row_follows_its_own_context()
    {
        Pair[] pairs = Pairs(seed: 1, 300);
        AssertEqual(pairs, Score(TinyModel.Untrained(), pairs));
    }

    [TestMethod]
    public void Contexts_that_several_rows_have_are_those_of_each()
    {
        Pair[] pairs = [.. Pairs(seed: 2, 40).SelectMany((pair, i) => Enumerable.Repeat(pair, 1 + (i % 3))), .. Pairs(seed: 2, 40)];
        AssertEqual(pairs, Score(TinyModel.Untrained(), pairs));
    }

    [TestMethod]
    public void More_contexts_than_a_batch_holds_are_read()
    {
        Pair[] pairs = [.. Pairs(seed: 3, 1_500)];
        AssertEqual(pairs, Score(TinyModel.Untrained(), pairs));
    }

    [TestMethod]
    public void It_is_saved_and_comes_back_and_a_single_row_has_the_same_score()
    {
        ITransformer model = _ml.LanguageModeling.AddContextColumn(TinyModel.Untrained(), nameof(Pair.Context));
        ITransformer loaded = ModelZip.Load(ModelZip.Save(model));
        Pair[] pairs = Pairs(seed: 4, 20);
        Conditional[] scored = [.. Read(model, pairs)];
        using PredictionEngine<Pair, Conditional> engine = _ml.Model.CreatePredictionEngine<Pair, Conditional>(loaded);
        foreach ((Pair pair, Conditional row) in pairs.Zip(scored))
        {
            Conditional single = engine.Predict(pair);
            Assert.AreEqual(row.LogLikelihood, single.LogLikelihood, 1e-5);
            Assert.AreEqual(row.IsGreedy, single.IsGreedy);
        }

        Assert.AreEqual("ContextTokens", _ml.LanguageModeling.GetLanguageModel(loaded).Scoring.ContextTokensColumnName);
    }

    [TestMethod]
    public void The_greedy_flag_has_the_name_that_the_model_gives_it_and_is_that_of_one_context()
    {
        Pair[] pairs = [.. TinyModel.Words.Select(word => new Pair { Context = "w1 w2", Text = word }), new() { Context = "w1 w2", Text = "w3" }];
        ITransformer model = _ml.LanguageModeling.ChangeScoring(
            TinyModel.Trained, scoring => scoring with { CountEndOfSentence = false, IsGreedyColumnName = "Likeliest" });
        IDataView scored = _ml.LanguageModeling.AddContextColumn(model, nameof(Pair.Context)).Transform(_ml.Data.LoadFromEnumerable(pairs));
        Assert.IsNull(scored.Schema.GetColumnOrNull("IsGreedy"));
        Assert.AreSequenceEqual(
            _ml.LanguageModeling.Score(model, "w1 w2", pairs.Select(pair => pair.Text)).Select(score => score.IsGreedy!.Value),
            scored.GetColumn<bool>("Likeliest"));
        Assert.IsTrue(scored.GetColumn<bool>("Likeliest").Last(), "from w2 to w3 with probability 0.8");
    }

    [TestMethod]
    public void A_column_of_contexts_is_read_by_a_tokenizer_of_files_too_as_it_comes_back_from_a_file()
    {
        Pair[] pairs = [new() { Context = "the cat", Text = " the cats" }, new() { Context = "cats", Text = " the" }];
        foreach (TokenizerFiles files in TokenizerSamples.All)
        {
            ITransformer model = PretrainedModel.Untrained(files);
            ITransformer loaded = ModelZip.Load(ModelZip.Save(_ml.LanguageModeling.AddContextColumn(model, nameof(Pair.Context))));
            foreach ((Pair pair, Conditional row) in pairs.Zip(Read(loaded, pairs)))
            {
                double expected = _ml.LanguageModeling.Score(model, pair.Context, pair.Text).LogLikelihood;
                Assert.AreEqual(expected, row.LogLikelihood, 2e-5, files.Kind.ToString());
            }
        }

        ITransformer byteLevel = PretrainedModel.Untrained(TokenizerSamples.ByteLevelBpe);
        Pair[] cut = [pairs[0], new() { Context = "the c", Text = "at" }];
        Errors.AssertThrows<InvalidOperationException>(() => Score(byteLevel, cut), "Row 1", "lies across the border");
    }

    [TestMethod]
    public void Tokens_that_were_written_to_a_file_no_longer_know_what_made_them()
    {
        ITransformer[] parts = [.. (IEnumerable<ITransformer>)_ml.LanguageModeling.AddContextColumn(
            PretrainedModel.Untrained(TokenizerSamples.ByteLevelBpe), nameof(Pair.Context))];
        IDataView tokens = new TransformerChain<ITransformer>(parts[..^1]).Transform(
            _ml.Data.LoadFromEnumerable([new Pair { Context = "the cat", Text = " the" }]));
        Assert.HasCount(1, parts[^1].Transform(tokens).GetColumn<float>("LogLikelihood").ToArray());
        using var folder = new TemporaryFolder();
        using (FileStream stream = File.Create(folder.PathOf("tokens.idv")))
        {
            _ml.Data.SaveAsBinary(tokens, stream);
        }

        IDataView read = _ml.Data.LoadFromBinary(folder.PathOf("tokens.idv"));
        Errors.AssertThrows<InvalidOperationException>(
            () => parts[^1].Transform(read).GetColumn<float>("LogLikelihood").ToArray(), "Row 0", "only the model's tokenizer can tell", "from text");
    }

    [TestMethod]
    public void Tokens_of_a_pipeline_of_ones_own_are_taken_too()
    {
        LanguageModelTransformer model = TinyModel.UntrainedScorer(new() { ContextTokensColumnName = "Before" });
        IDataView view = new HandMadeView(1)
            .AddTokens("Tokens", ["b", "c"], _ => new VBuffer<uint>(2, [1, 2]))
            .AddTokens("Before", ["k", "a"], _ => new VBuffer<uint>(2, [2, 1]));
        float logP = _ml.Data.CreateEnumerable<Conditional>(model.Transform(view), false, ignoreMissingColumns: true).Single().LogLikelihood;
        Assert.AreEqual(_ml.LanguageModeling.Score(TinyModel.Untrained(), "a k", "b c").LogLikelihood, logP, 1e-5);
    }

    [TestMethod]
    public void Rows_before_a_bad_one_are_given_out_before_its_error()
    {
        Pair[] pairs = [.. Pairs(seed: 5, 7), new() { Context = "a" }, .. Pairs(seed: 6, 7)];
        IDataView scored = _ml.LanguageModeling.AddContextColumn(TinyModel.Untrained(), nameof(Pair.Context))
            .Transform(_ml.Data.LoadFromEnumerable(pairs));
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        for (int row = 0; row < 7; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
        }

        Errors.AssertThrows<InvalidOperationException>(() => cursor.MoveNext(), "Row 7", "no token");
    }

    [TestMethod]
    public void A_row_without_a_context_is_an_error()
    {
        Pair[] pairs = [new() { Context = "a", Text = "b" }, new() { Context = "  ", Text = "b" }];
        Errors.AssertThrows<InvalidOperationException>(() => Score(TinyModel.Untrained(), pairs), "Row 1", "context is empty");
    }

    [TestMethod]
    public void A_column_that_is_not_there_is_an_error_that_names_it()
    {
        ITransformer model = _ml.LanguageModeling.AddContextColumn(TinyModel.Untrained(), "Question");
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => model.GetOutputSchema(_ml.Texts("a").Schema), "'Question'", "Text");
        LanguageModelTransformer scorer = TinyModel.UntrainedScorer(new() { ContextTokensColumnName = "Before" });
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => scorer.Transform(TinyModel.Tokens(["a"])), "'Before'");
    }

    [TestMethod]
    public void Without_a_tokenizer_in_the_chain_the_error_says_what_to_do() => Errors.AssertThrows<ArgumentException>(
        () => _ml.LanguageModeling.AddContextColumn(TinyModel.UntrainedScorer(), "Context"), "no tokenizer", "ContextTokensColumnName");

    [TestMethod]
    [DataRow(ScoringContext.Stream, "Before")]
    [DataRow(ScoringContext.Document, "Before")]
    [DataRow(ScoringContext.Row, " ")]
    public void Rows_that_continue_each_other_continue_no_column(ScoringContext context, string column) => Errors.AssertThrows<ArgumentException>(
        () => TinyModel.UntrainedScorer(new() { Context = context, DocumentColumnName = "File", ContextTokensColumnName = column }),
        "ContextTokensColumnName", "Row");

    [TestMethod]
    public void Models_that_condition_rows_on_a_column_are_not_compared_nor_one_by_itself()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Pairs(1, 3));
        ITransformer conditional = _ml.LanguageModeling.AddContextColumn(TinyModel.Untrained(), nameof(Pair.Context));
        Errors.AssertThrows<ArgumentException>(
            () => _ml.LanguageModeling.Compare([("one", conditional)], data), "'one'", "'ContextTokens'", "ChangeScoring");
        ITransformer documents = _ml.LanguageModeling.ChangeScoring(
            TinyModel.Untrained(), scoring => scoring with { Context = ScoringContext.Document, DocumentColumnName = nameof(Pair.Context) });
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.Compare([("one", documents)], data), "'one'", "Document", "ChangeScoring");
    }

    private static Pair[] Pairs(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new Pair { Context = Words(random.Next(1, 12)), Text = Words(random.Next(1, 6)) })];

        string Words(int length) => string.Join(' ', Numbers.Ids(random, length, 11).Select(id => TinyModel.Words[2 + id]));
    }

    private void AssertEqual(Pair[] pairs, Conditional[] scored)
    {
        IReadOnlyList<TextScore> whole = _ml.LanguageModeling.Score(TinyModel.Untrained(), pairs.Select(pair => $"{pair.Context} {pair.Text}"));
        Assert.HasCount(pairs.Length, scored);
        for (int i = 0; i < pairs.Length; i++)
        {
            TokenScore[] counted = [.. whole[i].Tokens.TakeLast(pairs[i].Text.Split(' ').Length + 1)];
            Assert.AreEqual(counted.Sum(token => token.LogLikelihood), scored[i].LogLikelihood, 2e-5, $"row {i}");
            Assert.AreEqual(counted.Length, scored[i].TokenCount);
            Assert.AreEqual(pairs[i].Text, scored[i].Text);
        }
    }

    private Conditional[] Score(ITransformer model, Pair[] pairs) =>
        Read(_ml.LanguageModeling.AddContextColumn(model, nameof(Pair.Context)), pairs);

    private Conditional[] Read(ITransformer model, Pair[] pairs) =>
        [.. _ml.Data.CreateEnumerable<Conditional>(model.Transform(_ml.Data.LoadFromEnumerable(pairs)), reuseRowObject: false)];

    private sealed class Pair
    {
        public string Context { get; set; } = "";

        public string Text { get; set; } = "";
    }

    private sealed class Conditional
    {
        public string Text { get; set; } = "";

        public float LogLikelihood { get; set; }

        public int TokenCount { get; set; }

        public bool IsGreedy { get; set; }
    }
}
