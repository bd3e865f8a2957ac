using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Catalog;

/// <summary>Halves of surrogate pairs, which no file can hold, are one and the same U+FFFD from the first reading on.</summary>
[TestClass]
public sealed class HalfSurrogateTests
{
    private const string High = "\ud800", Low = "\udc00", Replacement = "\ufffd";

    private static readonly string[] s_training = [$"{High} {Low} a", $"{High} {Low}x {Replacement} b 👩"];

    private readonly MLContext _ml = new(seed: 1);

    private MixtureOfSoftmaxesTrainer Trainer
    {
        get
        {
            MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
            options.MaximumEpochs = 1;
            return _ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options);
        }
    }

    [TestMethod]
    public void A_vocabulary_has_them_once_and_counts_them_together()
    {
        VocabularyTokenizingTransformer tokenizer = _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Fit(_ml.Texts(s_training));
        Assert.AreSequenceEqual(["<unk>", "<eos>", Replacement, "a", Replacement + "x", "b", "👩"], tokenizer.Words);
        IDataView tokens = tokenizer.Transform(_ml.Texts($"{Low} {High}x {Replacement} 👩 {High}y"));
        Assert.AreSequenceEqual([3u, 5u, 3u, 7u, 1u], tokens.GetColumn<uint[]>("Tokens").Single());
    }

    [TestMethod]
    public void A_model_of_words_saves_loads_and_scores_as_before() =>
        AssertKept(_ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text").Append(Trainer).Fit(_ml.Texts(s_training)));

    [TestMethod]
    public void A_model_of_byte_pairs_saves_loads_and_scores_as_before() =>
        AssertKept(_ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text").Append(Trainer).Fit(_ml.Texts(s_training)));

    [TestMethod]
    public void Key_values_from_elsewhere_may_be_the_same_word()
    {
        IDataView data = new HandMadeView(1).AddTokens("Tokens", [High, "a", Low, Replacement], _ => new VBuffer<uint>(4, [1, 2, 3, 4]));
        LanguageModelTransformer model = Trainer.Fit(data);
        Assert.AreSequenceEqual([Replacement, "a", "<unk>", "<eos>"], model.Words);
        ScoredRow row = _ml.Score(model, data).Single();
        Assert.AreEqual(0, row.OutOfVocabularyCount);
        Assert.AreEqual(row.LogLikelihood, _ml.Score(ModelZip.Load(ModelZip.Save(model)), data).Single().LogLikelihood);
    }

    [TestMethod]
    public void Marks_are_text()
    {
        Errors.AssertThrows<ArgumentException>(
            () => _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text", new() { UnknownWord = High }), "UnknownWord", "surrogate");
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.EndOfSentence = Low;
        Errors.AssertThrows<ArgumentException>(
            () => _ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options), "EndOfSentence", "surrogate");
    }

    private void AssertKept(ITransformer model)
    {
        string[] texts = [High, $"{Low} a", $"{Low}x", "a b 👩"];
        ScoredRow[] rows = _ml.Score(model, texts);
        Assert.IsTrue(rows.All(row => row.OutOfVocabularyCount == 0 && float.IsFinite(row.LogLikelihood)));
        float[] scores = [.. rows.Select(row => row.LogLikelihood)];
        ITransformer loaded = ModelZip.Load(ModelZip.Save(model));
        Assert.AreSequenceEqual(scores, _ml.Score(loaded, texts).Select(row => row.LogLikelihood));
        double[] bits = [.. _ml.LanguageModeling.Score(loaded, texts).Select(score => score.BitsPerCharacter)];
        int[] characters = [2, 4, 3, 6];
        Numbers.AssertClose([.. scores.Zip(characters, (score, count) => -score / Math.Log(2) / count)], bits, 1e-5, "bits");
        string[] mended = [Replacement, $"{Replacement} a", $"{Replacement}x", "a b 👩"];
        Assert.AreSequenceEqual(scores, _ml.Score(loaded, mended).Select(row => row.LogLikelihood));
        Assert.AreEqual(First(Replacement), First(High));

        string First(string prompt) =>
            _ml.LanguageModeling.CreateTextGenerator(loaded, new() { Seed = 3 }).Generate(prompt).First().ToString();
    }
}
