using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Contract;

/// <summary>Every estimator of the library, held to ML.NET's contract.</summary>
[TestClass]
public sealed class EstimatorContractTests
{
    private const int RowCount = 200;

    private static readonly MLContext s_ml = new(seed: 1);

    private static readonly ScoringOptions s_everyColumn = new()
    {
        IsGreedyColumnName = "IsGreedy",
        TokensColumnName = "Words",
        TokenLogLikelihoodsColumnName = "LogLikelihoods",
        TokenRanksColumnName = "Ranks",
        TopTokensColumnName = "TopWords",
        TopProbabilitiesColumnName = "TopProbabilities",
        TopCount = 2,
    };

    // From a cache rows can be had in any order and by several cursors.
    private static readonly IDataView s_text = s_ml.Data.Cache(s_ml.Data.LoadFromEnumerable(
        TinyLanguage.Sentences(seed: 5, RowCount).Select((text, row) => new Row { Text = text, Id = row / 7, Perplexity = "older" }).ToArray()));

    private static readonly IDataView s_tokens =
        s_ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Fit(s_text).Transform(s_text);

    private readonly Recorder _steps = new();

    [TestMethod]
    [DataRow("Tokens", "Text")]
    [DataRow("Text", null, DisplayName = "in the place of the text")]
    public void The_vocabulary_tokenizer_keeps_it(string output, string? input) =>
        CheckTokenizer(s_ml.LanguageModeling.TokenizeIntoVocabulary(output, input));

    [TestMethod]
    [DataRow("Tokens", "Text")]
    [DataRow("Text", null, DisplayName = "in the place of the text")]
    public void The_byte_pair_tokenizer_keeps_it(string output, string? input) =>
        CheckTokenizer(s_ml.LanguageModeling.TokenizeIntoBytePairs(output, input, vocabularySize: 270));

    [TestMethod]
    [DataRow("Tokens", "Text")]
    [DataRow("Text", null, DisplayName = "in the place of the text")]
    public void The_tokenizer_of_files_keeps_it(string output, string? input)
    {
        foreach (TokenizerFiles files in TokenizerSamples.All)
        {
            CheckTokenizer(s_ml.LanguageModeling.TokenizeWith(output, input, files));
        }
    }

    [TestMethod]
    public void The_trainer_keeps_it_with_every_column_over_an_older_one()
    {
        var contract = new EstimatorContract<LanguageModelTransformer>(s_ml, Trainer(s_everyColumn), s_tokens);
        using LanguageModelTransformer model = contract.Check();
        foreach (HandMadeView wrong in WrongTokens())
        {
            contract.CheckRefuses(wrong, model);
        }

        Assert.HasCount(TrainedSteps, _steps.Events, "what is refused is refused before it is trained on");
    }

    [TestMethod]
    public void The_trainer_keeps_it_for_a_model_of_streams()
    {
        MixtureOfSoftmaxesTrainer trainer = Trainer(new() { Context = ScoringContext.Stream, CountUnknownWords = false });
        new EstimatorContract<LanguageModelTransformer>(s_ml, trainer, s_tokens).Check().Dispose();
    }

    [TestMethod]
    public void The_trainer_keeps_it_for_the_tokens_of_every_tokenizer()
    {
        ITransformer learnt = s_ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text", vocabularySize: 270).Fit(s_text);
        foreach (ITransformer tokenizer in TokenizerSamples.All.Select(PretrainedModel.Tokenizer).Prepend(learnt))
        {
            MixtureOfSoftmaxesTrainer.Options options = Options(new() { CountUnknownWords = false });
            options.UnknownWord = (tokenizer as PretrainedTokenizingTransformer)?.UnknownToken ?? options.UnknownWord;
            MixtureOfSoftmaxesTrainer trainer = s_ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options);
            new EstimatorContract<LanguageModelTransformer>(s_ml, trainer, tokenizer.Transform(s_text)).Check().Dispose();
        }
    }

    [TestMethod]
    public void The_trainer_keeps_it_for_a_model_of_documents()
    {
        MixtureOfSoftmaxesTrainer trainer = Trainer(new() { Context = ScoringContext.Document, DocumentColumnName = "Id" });
        var contract = new EstimatorContract<LanguageModelTransformer>(s_ml, trainer, s_tokens);
        using LanguageModelTransformer model = contract.Check();
        contract.CheckRefuses(Tokens(), model);
        contract.CheckRefuses(Tokens().Add("Id", NumberDataViewType.Single, _ => 1f), model);
        contract.CheckRefuses(Tokens().Add("Id", NumberDataViewType.Double, _ => 1.0), model);
        contract.CheckRefuses(Tokens().Add("Id", BooleanDataViewType.Instance, _ => true), model);
        contract.CheckRefuses(Tokens().Add("Id", new VectorDataViewType(NumberDataViewType.Int32), _ => default(VBuffer<int>)), model);
        Assert.HasCount(TrainedSteps, _steps.Events, "what is refused is refused before it is trained on");
    }

    [TestMethod]
    public void The_trainer_keeps_it_for_a_model_of_continuations()
    {
        IDataView pairs = s_ml.Transforms.CopyColumns("Before", "Tokens").Fit(s_tokens).Transform(s_tokens);
        MixtureOfSoftmaxesTrainer trainer = Trainer(new() { ContextTokensColumnName = "Before" });
        var contract = new EstimatorContract<LanguageModelTransformer>(s_ml, trainer, pairs);
        using LanguageModelTransformer model = contract.Check();
        contract.CheckRefuses(Tokens(), model);
        contract.CheckRefuses(Tokens().Add("Before", TextDataViewType.Instance, _ => "w1".AsMemory()), model);
        Assert.HasCount(TrainedSteps, _steps.Events, "what is refused is refused before it is trained on");
    }

    [TestMethod]
    public void A_pipeline_of_them_keeps_it_and_refuses_before_its_first_step_is_fitted()
    {
        EstimatorChain<LanguageModelTransformer> pipeline = s_ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text")
            .Append(Trainer(new() { Context = ScoringContext.Document, DocumentColumnName = "Id" }));
        var contract = new EstimatorContract<TransformerChain<LanguageModelTransformer>>(s_ml, pipeline, s_text);
        using TransformerChain<LanguageModelTransformer> model = contract.Check();
        contract.CheckRefuses(new HandMadeView(1).Add("Text", TextDataViewType.Instance, _ => "w1".AsMemory()), model);
        contract.CheckRefuses(new HandMadeView(1).Add("Id", NumberDataViewType.Int32, _ => 1), model);
    }

    [TestMethod]
    public void A_validation_set_that_will_not_do_is_refused_by_both()
    {
        foreach (HandMadeView wrong in WrongTokens())
        {
            MixtureOfSoftmaxesTrainer.Options options = Options(new());
            options.ValidationSet = wrong;
            MixtureOfSoftmaxesTrainer trainer = s_ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options);
            HandMadeView training = Tokens();
            Errors.AssertThrows<ArgumentOutOfRangeException>(() => trainer.Fit(training), "ValidationSet", "'Tokens'", "tokenizer.Transform");
            Assert.IsEmpty(training.Cursors, "it was read before the validation set was refused");
            Errors.AssertThrows<ArgumentOutOfRangeException>(
                () => s_ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Append(trainer).Fit(s_text), "ValidationSet", "'Tokens'");
        }
    }

    private static int TrainedSteps
    {
        get
        {
            MixtureOfSoftmaxesTrainer.Options options = Options(new());
            int length = s_tokens.GetColumn<uint[]>("Tokens").Sum(row => row.Length + 1) / options.BatchSize;
            return (length + options.SequenceLength - 1) / options.SequenceLength;
        }
    }

    private static void CheckTokenizer<T>(IEstimator<T> estimator) where T : class, ITransformer
    {
        var contract = new EstimatorContract<T>(s_ml, estimator, s_text);
        T tokenizer = contract.Check();
        contract.CheckRefuses(new HandMadeView(1).Add("Other", TextDataViewType.Instance, _ => default(ReadOnlyMemory<char>)), tokenizer);
        contract.CheckRefuses(new HandMadeView(1).Add("Text", NumberDataViewType.Single, _ => 1f), tokenizer);
        contract.CheckRefuses(new HandMadeView(1).Add("Text", new KeyDataViewType(typeof(uint), 3), _ => 1u), tokenizer);
        contract.CheckRefuses(
            new HandMadeView(1).Add("Text", new VectorDataViewType(TextDataViewType.Instance), _ => default(VBuffer<ReadOnlyMemory<char>>)),
            tokenizer);
    }

    private static HandMadeView Tokens() => new HandMadeView(1).AddTokens("Tokens", TinyModel.Words, _ => new VBuffer<uint>(1, [3]));

    private static IEnumerable<HandMadeView> WrongTokens()
    {
        var key = new KeyDataViewType(typeof(uint), 3);
        yield return new HandMadeView(1).AddTokens("Other", TinyModel.Words, _ => default);
        yield return new HandMadeView(1).Add("Tokens", TextDataViewType.Instance, _ => default(ReadOnlyMemory<char>));
        yield return new HandMadeView(1).Add("Tokens", new VectorDataViewType(NumberDataViewType.UInt32), _ => default(VBuffer<uint>));
        yield return new HandMadeView(1).Add("Tokens", key, _ => 1u, Names(TextDataViewType.Instance, "a".AsMemory()));
        yield return new HandMadeView(1).Add("Tokens", new VectorDataViewType(new KeyDataViewType(typeof(ulong), 3)), _ => default(VBuffer<ulong>));
        yield return new HandMadeView(1).Add("Tokens", new VectorDataViewType(key), _ => default(VBuffer<uint>));
        yield return new HandMadeView(1).Add(
            "Tokens", new VectorDataViewType(key), _ => default(VBuffer<uint>), Names(NumberDataViewType.Single, 1f));
    }

    private static DataViewSchema.Annotations Names<T>(PrimitiveDataViewType type, T name)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            "KeyValues", new VectorDataViewType(type, 3), (ref VBuffer<T> values) => values = new(3, [name, name, name]));
        return annotations.ToAnnotations();
    }

    private static MixtureOfSoftmaxesTrainer.Options Options(ScoringOptions scoring)
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 1;
        options.Scoring = scoring;
        return options;
    }

    private MixtureOfSoftmaxesTrainer Trainer(ScoringOptions scoring)
    {
        MixtureOfSoftmaxesTrainer.Options options = Options(scoring);
        options.Progress = _steps;
        return s_ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public int Id { get; set; }

        /// <summary>Hidden by the score of that name.</summary>
        public string Perplexity { get; set; } = "";
    }
}
