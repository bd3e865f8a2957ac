using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Evaluation;

/// <summary>The figures of other tools, by their own definitions and in closed form, beside those of an evaluation (docs/peers.md).</summary>
[TestClass]
public sealed class PeersTests
{
    private const double Uniform = 13;

    // Of 7 words two are unknown to a model of the words a to k.
    private static readonly string[] s_texts = ["a b zebra", "", "c été d e"];

    private readonly MLContext _ml = new();

    /// <summary>What KenLM's <c>query</c> prints: with <c>&lt;/s&gt;</c>, which it predicts for each line, or without.</summary>
    [TestMethod]
    [DataRow(true, true)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(false, false)]
    public void KenLM_divides_the_logarithms_of_what_it_includes_by_how_many_these_are(bool includesUnknown, bool hasEnd)
    {
        TokenScore[] tokens =
        [
            .. _ml.LanguageModeling.Score(TinyModel.Untrained(), s_texts).SelectMany(row => hasEnd ? row.Tokens : row.Tokens.SkipLast(1))
                .Where(token => includesUnknown || !token.IsUnknown),
        ];
        double perplexity = Math.Pow(10, -tokens.Sum(token => token.LogLikelihood / Math.Log(10)) / tokens.Length);
        LanguageModelMetrics metrics = Evaluate(TinyModel.Untrained(
            new() { CountUnknownWords = includesUnknown, CountEndOfSentence = hasEnd }));
        Assert.AreEqual(7 - (includesUnknown ? 0 : 2) + (hasEnd ? 3 : 0), tokens.Length);
        Assert.AreEqual(perplexity, metrics.Perplexity, 1e-5 * perplexity);
        Assert.AreEqual(includesUnknown ? 2 : 0, metrics.OutOfVocabularyCount);
    }

    /// <summary>
    /// lm-evaluation-harness: exp of the sum over documents of -log P, by the sum of words or of bytes of the documents. It predicts no end of
    /// a document; the ends of lines within one are bytes and no words.
    /// </summary>
    [TestMethod]
    public void The_harness_divides_by_the_words_and_bytes_of_the_text()
    {
        LanguageModelMetrics metrics = Evaluate(UniformModel.OfWords(new() { CountEndOfSentence = false }));
        double nats = 7 * Math.Log(Uniform);
        int words = s_texts.Sum(text => text.Length == 0 ? 0 : Regex.Split(text, @"\s+").Length), bytes = s_texts.Sum(Encoding.UTF8.GetByteCount);
        Assert.AreEqual((7, 20), (words, bytes));
        AssertFigures(metrics, nats, words, bytes, s_texts.Sum(text => text.Length));
        Assert.AreEqual(0, metrics.RowEndCount);
        AssertFigures(metrics.WithoutRowEnds(), nats, words, bytes, 18);
    }

    [TestMethod]
    public void Where_the_rows_are_the_lines_of_a_document_the_harness_sums_their_ends_and_counts_them_as_bytes_alone()
    {
        string document = string.Join('\n', s_texts) + "\n";
        LanguageModelMetrics metrics = Evaluate(UniformModel.OfWords(new() { Context = ScoringContext.Stream }));
        double nats = 10 * Math.Log(Uniform);
        AssertFigures(metrics, nats, 7 + 3, Encoding.UTF8.GetByteCount(document), document.Length);
        Assert.AreEqual(3, metrics.RowEndCount);
        double wordPerplexity = Math.Exp(nats / Regex.Count(document, @"\S+"));
        Assert.AreEqual(wordPerplexity, metrics.WithoutRowEnds().WordPerplexity!.Value, 1e-4 * wordPerplexity);
        AssertFigures(metrics.WithoutRowEnds(), nats, 7, 20, 18);
        Assert.AreEqual(metrics.WithoutRowEnds(), metrics.WithoutRowEnds().WithoutRowEnds());
    }

    [TestMethod]
    public void Words_bytes_and_characters_are_those_of_every_model_on_the_text()
    {
        // The model of bytes predicts each of the 20 bytes and the 3 ends.
        LanguageModelMetrics bytes = Evaluate(UniformModel.OfBytes());
        AssertFigures(bytes, 23 * Math.Log(258), 7 + 3, 20 + 3, 18 + 3);
        LanguageModelMetrics known = Evaluate(UniformModel.OfWords(new() { CountUnknownWords = false }));
        AssertFigures(known, 8 * Math.Log(Uniform), 5 + 3, 3 + 0 + 5 + 3, 3 + 0 + 5 + 3);
        LanguageModelMetrics emoji = Evaluate(UniformModel.OfBytes(), "😀 é");
        Assert.AreEqual<(long?, long?, long?)>((2 + 1, 7 + 1, 3 + 1), (emoji.WordCount, emoji.ByteCount, emoji.CharacterCount));
    }

    private static void AssertFigures(LanguageModelMetrics metrics, double nats, int words, int bytes, int characters)
    {
        Assert.AreEqual<(long?, long?, long?)>((words, bytes, characters), (metrics.WordCount, metrics.ByteCount, metrics.CharacterCount));
        (double Expected, double? Actual)[] figures =
        [
            (Math.Exp(nats / words), metrics.WordPerplexity),
            (Math.Exp(nats / bytes), metrics.BytePerplexity),
            (nats / bytes / Math.Log(2), metrics.BitsPerByte),
            (nats / characters / Math.Log(2), metrics.BitsPerCharacter),
        ];
        foreach ((double expected, double? actual) in figures)
        {
            Assert.AreEqual(expected, actual!.Value, 1e-4 * expected);
        }
    }

    private LanguageModelMetrics Evaluate(ITransformer model, params string[] texts) =>
        _ml.LanguageModeling.Evaluate(model.Transform(_ml.Texts(texts.Length > 0 ? texts : s_texts)), textColumnName: "Text");
}
