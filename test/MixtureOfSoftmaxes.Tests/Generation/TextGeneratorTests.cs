using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Generation;

[TestClass]
public sealed class TextGeneratorTests
{
    private const int Unknown = 0, Mark = 1;

    private readonly MLContext _ml = new();
    private readonly LanguageModelTransformer _model = TinyModel.UntrainedScorer();

    [TestCleanup]
    public void Free() => _model.Dispose();

    [TestMethod]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes)]
    [DataRow(LanguageModelHead.MixtureOfContexts)]
    [DataRow(LanguageModelHead.Softmax)]
    [DataRow(LanguageModelHead.MixtureOfSigSoftmaxes)]
    [DataRow(LanguageModelHead.Mixtape)]
    [DataRow(LanguageModelHead.Plif)]
    [DataRow(LanguageModelHead.MultiFacetSoftmax)]
    [DataRow(LanguageModelHead.DirectOutputConnection)]
    public void Words_are_drawn_from_the_models_exact_distribution(LanguageModelHead head)
    {
        using var model = new LanguageModelTransformer(new(
            "Tokens", new(), TinyModel.Vocabulary(), new LanguageModelNetwork(Shapes.Small(head), CPU).Randomize(1, scale: 1.5)));
        int[] counts = new int[Shapes.Vocabulary];
        for (int seed = 0; seed < 2000; seed++)
        {
            GeneratedWord word = First(model, new() { ExcludeUnknownWord = false, Seed = seed }, "b a d");
            counts[TinyModel.Words.IndexOf(word.Word)]++;
        }

        double[] exact = Exact(model, "b a d");
        Assert.IsTrue(ChiSquare.Fits(exact, counts));
        Assert.IsFalse(ChiSquare.Fits(Exact(model, "b a k"), counts), "the distribution after another prompt");
    }

    [TestMethod]
    public void Texts_of_neighbouring_seeds_are_independent_of_each_other()
    {
        // Pairs of first words: of independent texts the probability of a pair is the product of those of its words.
        double[] exact = Exact(_model, "b a d");
        int[] pairs = new int[exact.Length * exact.Length];
        for (int seed = 0; seed < 8000; seed += 2)
        {
            pairs[(Drawn(seed) * exact.Length) + Drawn(seed + 1)]++;
        }

        Assert.IsTrue(ChiSquare.Fits([.. exact.SelectMany(first => exact.Select(second => first * second))], pairs));

        int Drawn(int seed) => TinyModel.Words.IndexOf(First(_model, new() { ExcludeUnknownWord = false, Seed = seed }, "b a d").Word);
    }

    [TestMethod]
    public void Without_the_unknown_word_the_others_share_its_probability()
    {
        int[] counts = new int[Shapes.Vocabulary];
        for (int seed = 0; seed < 2000; seed++)
        {
            counts[TinyModel.Words.IndexOf(First(_model, new() { Seed = seed }, "k").Word)]++;
        }

        double[] exact = Exact(_model, "k");
        Assert.IsGreaterThan(0.02, exact[Unknown]);
        Assert.IsTrue(ChiSquare.Fits([0, .. exact[1..].Select(p => p / (1 - exact[Unknown]))], counts));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Log_probabilities_add_up_to_the_score_of_the_text(int seed)
    {
        GeneratedWord[] words = Generate(new() { Seed = seed, Temperature = 1.5, TopK = 9, ExcludeUnknownWord = false, MaximumTokens = 1000 });
        Assert.IsTrue(words[^1].IsEndOfSentence);
        Assert.DoesNotContain(word => word.IsEndOfSentence, words[..^1]);
        Assert.AreEqual(
            Score([.. words[..^1].Select(word => word.Word)]).Sum(), words.Sum(word => word.LogProbability), 1e-5 * words.Length);
    }

    [TestMethod]
    public void A_prompt_of_any_length_conditions_what_follows()
    {
        var random = new Random(1);
        string[] prompt = [.. Numbers.Ids(random, 700, Shapes.Vocabulary).Select(id => TinyModel.Words[id])];
        Assert.Contains("<eos>", prompt);
        GeneratedWord word = First(_model, new() { Temperature = 0, ExcludeUnknownWord = false }, string.Join(" \t", prompt));
        double[] exact = Exact(_model, string.Join(' ', prompt));
        Assert.AreEqual(exact.Max(), Math.Exp(word.LogProbability), 1e-5);
        Assert.AreEqual(exact.IndexOf(exact.Max()), TinyModel.Words.IndexOf(word.Word));
    }

    [TestMethod]
    public void Words_that_the_model_does_not_know_are_the_unknown_word() =>
        Assert.AreEqual(First(_model, new() { Seed = 3 }, "a <unk>"), First(_model, new() { Seed = 3 }, "a zebra"));

    [TestMethod]
    public void Without_a_stop_at_the_end_of_sentence_the_text_has_all_its_words()
    {
        GeneratedWord[] words = Generate(new() { Seed = 1, MaximumTokens = 200, StopAtEndOfSentence = false });
        Assert.HasCount(200, words);
        Assert.Contains(word => word.IsEndOfSentence, words[..^1]);
        Assert.DoesNotContain(word => word.Word == "<unk>", words);
        Assert.AreEqual("<eos>", words.First(word => word.IsEndOfSentence).Word);
    }

    [TestMethod]
    public void A_model_of_a_language_speaks_it()
    {
        GenerationOptions options = new() { Seed = 1, MaximumTokens = 2000, StopAtEndOfSentence = false };
        string text = Text([.. _ml.LanguageModeling.CreateTextGenerator(TinyModel.Trained, options).Generate()]);
        string[] sentences = [.. text.Split("<eos>")[..^1].Select(sentence => sentence.Trim()).Where(sentence => sentence.Length > 0)];
        Assert.AreEqual(TinyLanguage.Entropy, TinyLanguage.TrueLoss(sentences), 0.1);
    }

    private static string Text(GeneratedWord[] words) => string.Join(' ', words.Select(word => word.Word));

    private GeneratedWord[] Generate(GenerationOptions options, string prompt = "") =>
        [.. _ml.LanguageModeling.CreateTextGenerator(_model, options).Generate(prompt)];

    private GeneratedWord First(LanguageModelTransformer model, GenerationOptions options, string prompt) =>
        _ml.LanguageModeling.CreateTextGenerator(model, options).Generate(prompt).First();

    private double[] Score(params string[] words) => Score(_model, words);

    /// <summary>log P of each word and of the mark, as the loss gives it, which builds no distribution.</summary>
    private static double[] Score(LanguageModelTransformer model, string[] words)
    {
        using var scorer = new SequenceScorer(model.Network, Mark);
        return [.. scorer.ScoreRows([[.. words.Select(word => TinyModel.Words.IndexOf(word))]])[0].LogLikelihoods.Select(score => (double)score)];
    }

    /// <summary>P of each word after the prompt.</summary>
    private static double[] Exact(LanguageModelTransformer model, string prompt) =>
        [.. TinyModel.Words.Select(word => Math.Exp(Score(model, [.. prompt.Split(' '), word])[^2]))];
}
