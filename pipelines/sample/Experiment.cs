using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Sample;

/// <summary>A language, texts of it, and models trained on them that differ in head and sizes only.</summary>
internal sealed class Experiment
{
    private readonly MLContext _ml;

    /// <param name="ml">Its seed decides the models.</param>
    /// <param name="words">V, the words of the language.</param>
    public Experiment(MLContext ml, int words)
    {
        _ml = ml;
        var random = new Random(2018);
        Language = new DirichletChain(words, concentration: 0.1, random);
        Train = Language.Sentences(200_000, random);
        Valid = Language.Sentences(10_000, random);
        Test = Language.Sentences(20_000, random);
    }

    public DirichletChain Language { get; }

    public IReadOnlyList<string> Train { get; }

    public IReadOnlyList<string> Valid { get; }

    public IReadOnlyList<string> Test { get; }

    public IDataView View(IEnumerable<string> sentences) =>
        _ml.Data.LoadFromEnumerable(sentences.Select(text => new Sentence { Text = text }));

    /// <param name="head">The head.</param>
    /// <param name="embeddingSize">d.</param>
    /// <param name="experts">K; without effect for one softmax.</param>
    public ITransformer Fit(LanguageModelHead head, int embeddingSize, int experts)
    {
        IDataView train = View(Train);
        var tokenizer = _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Fit(train);
        var trainer = _ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", new()
        {
            Head = head,
            Experts = experts,
            EmbeddingSize = embeddingSize,
            LastHiddenSize = 64,
            LayerCount = 1,
            WordDropout = 0,
            InputDropout = 0,
            HiddenDropout = 0,
            OutputDropout = 0,
            LatentDropout = 0,
            WeightDropout = 0,
            BatchSize = 32,
            SequenceLength = 20,
            Optimizer = LanguageModelOptimizer.Adam,
            LearningRate = 0.02,
            MaximumEpochs = 6,
            ValidationSet = tokenizer.Transform(View(Valid)),
        });
        return tokenizer.Append(trainer.Fit(tokenizer.Transform(train)));
    }

    /// <summary>How far a model is from the language, over contexts of the test text.</summary>
    public TruthDivergence Divergence(ITransformer model) => _ml.LanguageModeling.MeasureDivergence(
        model, View(Test), Language.Truth(_ml.LanguageModeling.GetLanguageModel(model).Words));
}
