using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;
using Microsoft.ML.MixtureOfSoftmaxes.WordScoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.WordScoring;

[TestClass]
public sealed partial class WordSurprisalTests
{
    private static readonly ITransformer s_bytePairs = BytePairModel.Untrained(
        BytePairModel.Tokenizer("naïve été the cat naïve été the cat", "👩\u200D🔬 👩\u200D🔬"));

    private static readonly Dictionary<string, ITransformer> s_models = new()
    {
        ["words"] = TinyModel.Trained,
        ["byte pairs"] = s_bytePairs,
        ["byte-level BPE"] = PretrainedModel.Untrained(TokenizerSamples.ByteLevelBpe),
        ["tiktoken"] = PretrainedModel.Untrained(TokenizerSamples.Tiktoken),
        ["sentence pieces"] = PretrainedModel.Untrained(TokenizerSamples.SentencePiece),
        ["sentence pieces as they are"] = PretrainedModel.Untrained(
            TokenizerSamples.OfPieces(unigram: false, dummyPrefix: false, removesSpaces: false)),
        ["word pieces"] = PretrainedModel.Untrained(TokenizerSamples.WordPiece),
    };

    private readonly MLContext _ml = new();

    public static IEnumerable<object[]> Models => s_models.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Words_and_the_end_add_up_to_the_row_and_stand_where_they_say(string name)
    {
        string[] texts = ["the cats", "", "   ", "  w1\t the  cat \n", "été, naïve unheard w2!", "👩\u200D🔬 the", "日本 cat", "\ud800 a", "don't the",
            "a\u0310\u0304 e\u0301te\u0301\u00A0𝕏,b\u2003x "];
        foreach (ScoringOptions scoring in new ScoringOptions[]
            { new(), new() { CountEndOfSentence = false }, new() { CountUnknownWords = false }, new() { Context = ScoringContext.Stream } })
        {
            ITransformer model = _ml.LanguageModeling.ChangeScoring(s_models[name], _ => scoring);
            IReadOnlyList<TextScore> rows = _ml.LanguageModeling.Score(model, texts);
            IReadOnlyList<TextSurprisal> words = _ml.LanguageModeling.ScoreWords(model, texts);
            for (int i = 0; i < texts.Length; i++)
            {
                Assert.AreEqual(-rows[i].LogLikelihood / Math.Log(2), words[i].Surprisal, 1e-4, texts[i]);
                Match[] expected = [.. NotSpace().Matches(texts[i]).Cast<Match>()];
                Assert.AreSequenceEqual(expected.Select(word => (word.Index, word.Length)), words[i].Words.Select(word => (word.Start, word.Length)));
                Assert.AreSequenceEqual(expected.Select(word => word.Value), words[i].Words.Select(word => word.Word));
            }
        }
    }

    [TestMethod]
    public void A_word_of_byte_pairs_has_the_tokens_of_its_letters_and_of_the_space_before() => AnyText.Holds(text =>
    {
        // Byte after byte by the names of the tokens: the first word that a token reaches into is the word it belongs to.
        TextScore row = _ml.LanguageModeling.Score(s_bytePairs, [text])[0];
        Match[] words = [.. NotSpace().Matches(text).Cast<Match>()];
        double[] expected = new double[words.Length + 1];
        string read = "";
        foreach (TokenScore token in row.Tokens.SkipLast(1))
        {
            int word = Array.FindIndex(
                words, candidate => Encoding.UTF8.GetByteCount(text[..(candidate.Index + candidate.Length)]) > read.Length);
            expected[word < 0 ? ^1 : word] -= token.LogLikelihood / Math.Log(2);
            read += token.Token; // A character for each byte.
        }

        expected[^1] -= row.Tokens[^1].LogLikelihood / Math.Log(2);
        TextSurprisal actual = _ml.LanguageModeling.ScoreWords(s_bytePairs, [text])[0];
        Assert.HasCount(words.Length, actual.Words);
        for (int i = 0; i < words.Length; i++)
        {
            Assert.AreEqual(expected[i], actual.Words[i].Surprisal, 1e-4 * Math.Max(1, expected[i]), text);
        }

        Assert.AreEqual(expected[^1], actual.EndSurprisal, 1e-4 * Math.Max(1, expected[^1]), text);
    });

    [TestMethod]
    [DataRow("byte-level BPE", "the cats ", new[] { 1, 2 }, 1, DisplayName = "a space at the end goes with the end")]
    [DataRow("byte-level BPE", "  the", new[] { 2 }, 0)]
    [DataRow("sentence pieces", "the cats ", new[] { 1, 2 }, 0)]
    [DataRow("sentence pieces", "the xat", new[] { 1, 3 }, 0)]
    [DataRow("sentence pieces as they are", "the  cat ", new[] { 2, 2 }, 1)]
    [DataRow("word pieces", "The cats, don't", new[] { 1, 3, 3 }, 0)]
    public void Each_word_has_so_many_tokens(string name, string text, int[] tokens, int after)
    {
        TextSurprisal words = _ml.LanguageModeling.ScoreWords(s_models[name], [text])[0];
        Assert.AreSequenceEqual(tokens, words.Words.Select(word => word.TokenCount));
        int all = _ml.LanguageModeling.Score(s_models[name], [text])[0].TokenCount - 1;
        Assert.AreEqual(after, all - tokens.Sum());
    }

    [TestMethod]
    public void A_word_is_unknown_if_one_of_its_tokens_is()
    {
        AssertUnknown("words", "w1 strange w2", false, true, false);
        AssertUnknown("sentence pieces", "the xat cat", false, true, false);
        AssertUnknown("word pieces", "the cat, xyz", false, false, true);
        AssertUnknown("byte pairs", "the xyz", false, false);
        ITransformer without = _ml.LanguageModeling.ChangeScoring(s_models["words"], scoring => scoring with { CountUnknownWords = false });
        Assert.AreEqual(0, _ml.LanguageModeling.ScoreWords(without, ["w1 strange"])[0].Words[1].Surprisal, "what does not count adds nothing");

        void AssertUnknown(string name, string text, params bool[] expected) => Assert.AreSequenceEqual(
            expected, _ml.LanguageModeling.ScoreWords(s_models[name], [text])[0].Words.Select(word => word.IsUnknown));
    }

    [TestMethod]
    public void Where_tokens_are_not_those_of_the_words_the_rest_of_the_row_is_one_word()
    {
        ITransformer tokenizer = _ml.Transforms.Text.TokenizeIntoWords("Words", "Text", separators: ['-'])
            .Append(_ml.Transforms.Conversion.MapValueToKey("Tokens", "Words")).Fit(_ml.Texts("a-b c"));
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        WordSurprisal word = _ml.LanguageModeling.ScoreWords(tokenizer.Append(model), ["a-b c"])[0].Words.Single();
        Assert.AreEqual((0, 5, 2), (word.Start, word.Length, word.TokenCount));
    }

    [TestMethod]
    public void Columns_of_words_follow_their_rows_and_are_not_saved_with_a_pipe()
    {
        IDataView scored = new WordSurprisalTransformer(s_bytePairs, "Text").Transform(_ml.Texts("the cat", "", "été"));
        Assert.AreSequenceEqual([2, 0, 1], scored.GetColumn<float[]>(WordColumns.Surprisals).Select(words => words.Length));
        Assert.AreSequenceEqual([0, 4], scored.GetColumn<int[]>(WordColumns.Starts).First());
        Assert.AreSequenceEqual([3, 3], scored.GetColumn<int[]>(WordColumns.Lengths).First());
        double[] expected = [.. _ml.LanguageModeling.ScoreWords(s_bytePairs, ["the cat", "", "été"]).Select(row => row.EndSurprisal)];
        Assert.AreSequenceEqual(expected.Select(end => (float)end), scored.GetColumn<float>(WordColumns.End));
        Errors.AssertThrows<NotSupportedException>(() => ModelZip.Save(new WordSurprisalTransformer(s_bytePairs, "Text")), "not saved");
    }

    [GeneratedRegex(@"\S+")]
    private static partial Regex NotSpace();
}
