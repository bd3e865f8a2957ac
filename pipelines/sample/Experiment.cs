using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Sample;

/// <summary>A language, texts in it, and models trained on them that differ only in head and sizes.</summary>
internal sealed class Experiment
{
    /// <summary>The sizes of the comparison of heads, from which <see cref="Divergences"/> departs one at a time.</summary>
    public const int Words = 200, EmbeddingSize = 12, Experts = 8;

    private readonly MLContext _ml;

    /// <param name="ml">The context; its seed is that of the models.</param>
    /// <param name="words">The number of words of the language.</param>
    public Experiment(MLContext ml, int words = Words)
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

    /// <summary>Writes the texts as train.txt, valid.txt and test.txt, and the floor of the last one into floor.txt and to standard output.</summary>
    public void WriteTexts(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, IReadOnlyList<string> text) in (IEnumerable<(string, IReadOnlyList<string>)>)
            [("train", Train), ("valid", Valid), ("test", Test)])
        {
            File.WriteAllLines(Path.Combine(folder, $"{name}.txt"), text);
        }

        string floor = Language.Floor(Test).ToString("F4", CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(folder, "floor.txt"), floor + Environment.NewLine);
        Console.WriteLine($"The texts are in '{folder}'; no model can be expected to have a lower test perplexity than {floor}.");
    }

    /// <param name="head">The head.</param>
    /// <param name="embeddingSize">The embedding size, d.</param>
    /// <param name="experts">The number of softmaxes or contexts, K; has no effect on a single softmax.</param>
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

    /// <summary>How far a model is from the language, over contexts in the test text.</summary>
    public TruthDivergence Divergence(ITransformer model) => _ml.LanguageModeling.MeasureDivergence(
        model, View(Test), Language.Truth(_ml.LanguageModeling.GetLanguageModel(model).Words));
}
