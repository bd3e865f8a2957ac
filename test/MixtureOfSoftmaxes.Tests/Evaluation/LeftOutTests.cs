using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Evaluation;

/// <summary>
/// Corpus metrics where unknown words or ends of rows do not count: what is divided and what it is divided by are of the same tokens.
/// </summary>
[TestClass]
public sealed class LeftOutTests
{
    // Of 5 + 1 + 0 + 3 words 2 + 0 + 0 + 1 are unknown to a model of the words a to k; a mark in the text is a word.
    private static readonly string[] s_texts = ["zebra a b  ostrich c", "k", "", "été d <eos>"];

    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow(true, true, 13, 3, 20 + 1 + 0 + 13 + 4)]
    [DataRow(true, false, 9, 3, 20 + 1 + 0 + 13)]
    [DataRow(false, true, 10, 0, 5 + 1 + 0 + 7 + 4)]
    [DataRow(false, false, 6, 0, 5 + 1 + 0 + 7)]
    public void Every_figure_of_a_model_of_words_is_of_the_tokens_that_count(bool unknown, bool end, int tokens, int unknownTokens, int bytes)
    {
        LanguageModelMetrics metrics = Evaluate(TinyModel.Untrained(new() { CountUnknownWords = unknown, CountEndOfSentence = end }));
        double nats = -_ml.LanguageModeling.Score(TinyModel.Untrained(), s_texts).Sum(row => row.Tokens
            .Where((token, place) => place < row.Tokens.Count - 1 ? unknown || !token.IsUnknown : end)
            .Sum(token => (double)token.LogLikelihood));
        Assert.AreEqual(nats / tokens, metrics.CrossEntropy, 1e-5);
        Assert.AreEqual(tokens, metrics.TokenCount);
        Assert.AreEqual(unknownTokens, metrics.OutOfVocabularyCount);
        Assert.AreEqual(tokens, metrics.WordCount);
        Assert.AreEqual(metrics.Perplexity, metrics.WordPerplexity!.Value, 1e-9 * metrics.Perplexity);
        Assert.AreEqual(bytes, metrics.ByteCount);
        Assert.AreEqual(nats / Math.Log(2) / bytes, metrics.BitsPerByte!.Value, 1e-5);
    }

    [TestMethod]
    [DataRow(true, 9 + 4, 34 + 4)]
    [DataRow(false, 9, 34)]
    public void Byte_pairs_know_every_word(bool end, int words, int bytes)
    {
        LanguageModelMetrics metrics = Evaluate(BytePairModel.Bytes(new() { CountUnknownWords = false, CountEndOfSentence = end }));
        Assert.AreEqual(bytes, metrics.TokenCount, "a token a byte, and one for each end");
        Assert.AreEqual(words, metrics.WordCount);
        Assert.AreEqual(bytes, metrics.ByteCount);
        Assert.AreEqual(metrics.CrossEntropyBits, metrics.BitsPerByte!.Value, 1e-9);
    }

    [TestMethod]
    public void Where_tokens_are_not_the_words_of_the_text_it_is_not_known_which_of_these_count()
    {
        ITransformer tokenizer = _ml.Transforms.Text.TokenizeIntoWords("Words", "Text", separators: [','])
            .Append(_ml.Transforms.Conversion.MapValueToKey("Tokens", "Words")).Fit(_ml.Texts(s_texts));
        LanguageModelMetrics metrics = Evaluate(Chain(new()), "a,b c");
        Assert.AreEqual(3, metrics.WordCount, "all words of the text count");
        metrics = Evaluate(Chain(new() { CountUnknownWords = false }), "a,b c");
        Assert.IsNull(metrics.WordCount);
        Assert.IsNull(metrics.WordPerplexity);
        Assert.IsNull(metrics.BitsPerByte);
        Assert.IsTrue(double.IsFinite(metrics.Perplexity));

        TransformerChain<ITransformer> Chain(ScoringOptions scoring) => new(tokenizer, TinyModel.UntrainedScorer(scoring));
    }

    [TestMethod]
    public void Score_columns_from_elsewhere_do_not_say_what_counts()
    {
        IDataView rows = new HandMadeView(1)
            .Add("LogLikelihood", NumberDataViewType.Single, _ => -3f)
            .Add("TokenCount", NumberDataViewType.Int32, _ => 2)
            .Add("OutOfVocabularyCount", NumberDataViewType.Int32, _ => 0)
            .Add("Text", TextDataViewType.Instance, _ => "a".AsMemory());
        LanguageModelMetrics metrics = _ml.LanguageModeling.Evaluate(rows, textColumnName: "Text");
        Assert.AreEqual(1.5, metrics.CrossEntropy);
        Assert.IsNull(metrics.WordCount);
        Assert.IsNull(metrics.ByteCount);
    }

    private LanguageModelMetrics Evaluate(ITransformer model, params string[] texts) =>
        _ml.LanguageModeling.Evaluate(model.Transform(_ml.Texts(texts.Length > 0 ? texts : s_texts)), textColumnName: "Text");
}
