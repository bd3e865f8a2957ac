using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Small models: one trained on the tiny language, shared by all tests, and untrained ones over the words a to k.</summary>
internal static class TinyModel
{
    public static readonly string[] Words = ["<unk>", "<eos>", .. "abcdefghijk".Select(letter => letter.ToString())];

    private static readonly Lazy<ITransformer> s_trained = new(() =>
    {
        MixtureOfSoftmaxesTrainer.Options options = LearningOptions();
        options.ValidationSet = Tokens(TinyLanguage.Sentences(seed: 3, count: 100));
        return Train(new MLContext(seed: 1), options);
    });

    private static readonly Lazy<ITransformer> s_adapted = new(Adapt);

    public static string[] TrainingSentences { get; } = TinyLanguage.Sentences(seed: 1, count: 400);

    public static string[] ValidationSentences { get; } = TinyLanguage.Sentences(seed: 2, count: 300);

    /// <summary>A chain of a tokenizer of "Text" into "Tokens" and a model of the tiny language.</summary>
    public static ITransformer Trained => s_trained.Value;

    /// <summary>The same model, which adapts to what it reads.</summary>
    public static ITransformer Adapted => s_adapted.Value;

    /// <summary>
    /// Options that learn the tiny language from whatever weights they start: with six seeds each, words and byte pairs came to 1.002 to
    /// 1.006 times the true perplexity, and the likeliest next words were the true ones.
    /// </summary>
    public static MixtureOfSoftmaxesTrainer.Options LearningOptions()
    {
        MixtureOfSoftmaxesTrainer.Options options = Options();
        options.EmbeddingSize = 24;
        options.HiddenSize = 32;
        options.BatchSize = 4;
        options.LearningRate = 5;
        options.LearningRateSchedule = LearningRateSchedule.Cosine;
        options.MaximumEpochs = 8;
        return options;
    }

    /// <summary>Options of a small model that learns a little in some hundred steps.</summary>
    public static MixtureOfSoftmaxesTrainer.Options Options() => new()
    {
        Experts = 2,
        EmbeddingSize = 8,
        HiddenSize = 16,
        LayerCount = 1,
        WordDropout = 0,
        InputDropout = 0,
        HiddenDropout = 0,
        OutputDropout = 0,
        LatentDropout = 0,
        WeightDropout = 0,
        BatchSize = 8,
        SequenceLength = 10,
        LearningRate = 10,
        ClipNorm = 0.5,
        MaximumEpochs = 12,
    };

    public static ITransformer Train(MLContext ml, MixtureOfSoftmaxesTrainer.Options options, IEnumerable<string>? sentences = null) =>
        ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text")
            .Append(ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options))
            .Fit(ml.Texts(sentences ?? TrainingSentences));

    /// <summary>Sentences of the tiny language as the token column "Tokens".</summary>
    public static IDataView Tokens(string[] sentences)
    {
        var ml = new MLContext();
        return ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text")
            .Fit(ml.Texts(TrainingSentences)).Transform(ml.Texts(sentences));
    }

    /// <summary>A network with random weights behind a tokenizer of "Text".</summary>
    public static ITransformer Untrained(ScoringOptions? scoring = null) =>
        new TransformerChain<ITransformer>(new VocabularyTokenizingTransformer("Tokens", "Text", Vocabulary()), UntrainedScorer(scoring));

    /// <summary>A network with random weights over a token column.</summary>
    public static LanguageModelTransformer UntrainedScorer(
        ScoringOptions? scoring = null, LanguageModelHead head = LanguageModelHead.MixtureOfSoftmaxes) =>
        new(new LanguageModel("Tokens", scoring ?? new(), Vocabulary(), Shapes.Network(head)));

    private static ITransformer Adapt()
    {
        var ml = new MLContext(seed: 1);
        return ml.LanguageModeling.AdaptDynamically(Trained, ml.Texts(TrainingSentences));
    }

    public static Vocabulary Vocabulary() => new(Words, "<unk>", "<eos>");
}
