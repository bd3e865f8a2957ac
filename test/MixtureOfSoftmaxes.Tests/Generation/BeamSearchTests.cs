using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Generation;

[TestClass]
public sealed class BeamSearchTests
{
    private const int Longest = 4;

    private static readonly string[] s_words = ["<unk>", "<eos>", "a", "b", "c"];
    private static readonly int[] s_prompt = [3, 2];

    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow(0.0, true, true)]
    [DataRow(0.5, true, true)]
    [DataRow(1.0, true, true)]
    [DataRow(2.0, true, true)]
    [DataRow(1.0, false, true)]
    [DataRow(0.0, true, false)]
    public void A_beam_as_wide_as_the_space_finds_what_exhaustive_search_finds(double normalization, bool stop, bool excludeUnknown)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            using LanguageModelTransformer model = Model(seed);
            (string Text, double LogProbability, double Score)[] all =
                [.. EveryText(model, stop, excludeUnknown, normalization).OrderByDescending(text => text.Score)];
            IReadOnlyList<GeneratedText> found = Search(
                model, stop, excludeUnknown, new() { Width = 1000, LengthNormalization = normalization });
            Assert.HasCount(all.Length, found);
            Assert.AreSequenceEqual(all[..10].Select(text => text.Text), found.Take(10).Select(Shown));
            for (int i = 0; i < all.Length; i++)
            {
                Assert.AreEqual(all[i].Score, found[i].Score, 1e-5);
                Assert.AreEqual(all[i].LogProbability, found[i].LogProbability, 1e-5);
            }
        }
    }

    [TestMethod]
    public void A_beam_of_one_takes_the_most_probable_word_each_time()
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            using LanguageModelTransformer model = Model(seed);
            GeneratedWord[] greedy =
            [
                .. _ml.LanguageModeling.CreateTextGenerator(model, new() { Temperature = 0, MaximumTokens = 20 }).Generate("b a"),
            ];
            GeneratedText beam = _ml.LanguageModeling.CreateTextGenerator(model, new() { MaximumTokens = 20 })
                .Search("b a", new() { Width = 1 }).Single();
            Assert.AreSequenceEqual(greedy.Select(word => word.Word), beam.Words.Select(word => word.Word));
            Assert.AreEqual(greedy.Sum(word => word.LogProbability), beam.LogProbability, 1e-5);
        }
    }

    [TestMethod]
    public void A_wider_beam_finds_more_probable_texts()
    {
        // Greedy search misses the best text of some of these models; a wide beam of none.
        double[] gains = [.. Enumerable.Range(1, 10).Select(seed =>
        {
            using LanguageModelTransformer model = Model(seed);
            return Best(model, 1000) - Best(model, 1);
        })];
        Assert.IsTrue(gains.All(gain => gain > -1e-6));
        Assert.Contains(gain => gain > 0.01, gains);

        double Best(LanguageModelTransformer model, int width) =>
            Search(model, stop: true, excludeUnknown: true, new() { Width = width, LengthNormalization = 0 })[0].LogProbability;
    }

    [TestMethod]
    public void Each_words_log_probability_is_that_of_scoring()
    {
        using LanguageModelTransformer model = Model(2);
        GeneratedText text = Search(model, stop: true, excludeUnknown: true, new() { Width = 3 })[0];
        int[] ids = [.. text.Words.Where(word => !word.IsEndOfSentence).Select(word => s_words.IndexOf(word.Word))];
        float[] scores = Score(model, ids);
        for (int i = 0; i < text.Words.Count; i++)
        {
            Assert.AreEqual(scores[s_prompt.Length + i], text.Words[i].LogProbability, 1e-5);
        }
    }

    [TestMethod]
    public void The_text_is_what_the_words_add_to_it()
    {
        GeneratedWord[] words = [new("the", -1, false, "the"), new("cat", -2, false, " cat"), new("<eos>", -0.5, true, "")];
        var text = new GeneratedText(words, -1);
        Assert.AreEqual("the cat", text.Text);
        Assert.AreEqual(-3.5, text.LogProbability);
    }

    [TestMethod]
    public void The_prompt_and_the_text_are_the_whole_text()
    {
        using LanguageModelTransformer model = Model(2);
        IReadOnlyList<GeneratedText> found = Search(model, stop: false, excludeUnknown: true, new() { Width = 200 });
        Assert.Contains(text => text.Text.Contains('\n'), found);
        foreach (GeneratedText text in found)
        {
            string expected = $"b a {Shown(text)}".Replace(" <eos>", "\n").Replace("\n ", "\n");
            Assert.AreEqual(text.Words[^1].IsEndOfSentence ? expected[..^1] : expected, "b a" + text.Text);
        }
    }

    [TestMethod]
    public void An_option_out_of_range_is_named_with_its_value_and_its_range()
    {
        using LanguageModelTransformer model = Model(1);
        TextGenerator generator = _ml.LanguageModeling.CreateTextGenerator(model);
        Errors.AssertThrows<ArgumentException>(() => generator.Search("", new() { Width = 0 }), "Width is 0", "from 1 to 1000");
        Errors.AssertThrows<ArgumentException>(() => generator.Search("", new() { Width = 1001 }), "Width is 1001");
        Errors.AssertThrows<ArgumentException>(
            () => generator.Search("", new() { LengthNormalization = -1 }), "LengthNormalization is -1", "at least 0");
    }

    private static LanguageModelTransformer Model(int seed) => new(new LanguageModel(
        "Tokens", new(), new(s_words, "<unk>", "<eos>"),
        new LanguageModelNetwork(Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes) with { VocabularySize = s_words.Length }, CPU)
            .Randomize(seed, scale: 1.5)));

    private IReadOnlyList<GeneratedText> Search(LanguageModelTransformer model, bool stop, bool excludeUnknown, BeamSearchOptions options)
    {
        var limits = new GenerationOptions { MaximumTokens = Longest, StopAtEndOfSentence = stop, ExcludeUnknownWord = excludeUnknown };
        return _ml.LanguageModeling.CreateTextGenerator(model, limits).Search("b a", options);
    }

    private static string Shown(GeneratedText text) => string.Join(' ', text.Words.Select(word => word.Word));

    /// <summary>Every continuation of the prompt that ends, or has the greatest length, each scored as a row.</summary>
    private static IEnumerable<(string Text, double LogProbability, double Score)> EveryText(
        LanguageModelTransformer model, bool stop, bool excludeUnknown, double normalization)
    {
        int[] words = [.. Enumerable.Range(0, s_words.Length).Skip(excludeUnknown ? 1 : 0)];
        List<int[]> open = [[]], texts = [];
        for (int length = 1; length <= Longest; length++)
        {
            int[][] longer = [.. open.SelectMany(text => words.Select(word => (int[])[.. text, word]))];
            texts.AddRange(longer.Where(text => length == Longest || (stop && text[^1] == 1)));
            open = [.. longer.Where(text => !stop || text[^1] != 1)];
        }

        foreach (int[] text in texts)
        {
            double logProbability = Score(model, text).Skip(s_prompt.Length).Take(text.Length).Sum(score => (double)score);
            yield return (
                string.Join(' ', text.Select(word => s_words[word])), logProbability, logProbability / Math.Pow(text.Length, normalization));
        }
    }

    private static float[] Score(LanguageModelTransformer model, int[] text)
    {
        using var scorer = new SequenceScorer(model.Network, endOfSentence: 1);
        return scorer.ScoreRows([[.. s_prompt, .. text]])[0].LogLikelihoods;
    }
}
