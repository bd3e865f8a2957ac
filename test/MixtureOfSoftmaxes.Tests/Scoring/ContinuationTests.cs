using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring;

/// <summary>log P of texts given a context, from strings.</summary>
[TestClass]
public sealed class ContinuationTests
{
    private static readonly string[] s_continuations = ["c", "a what k", "b <eos> a", "e d c b a e d c b a", "c"];

    private readonly MLContext _ml = new();

    private static IEnumerable<LanguageModelHead> Heads => Enum.GetValues<LanguageModelHead>();

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void It_is_log_P_of_the_whole_less_log_P_of_the_context(LanguageModelHead head)
    {
        using LanguageModelTransformer scorer = TinyModel.UntrainedScorer(head: head);
        ITransformer model = new TransformerChain<ITransformer>(
            new VocabularyTokenizingTransformer("Tokens", "Text", TinyModel.Vocabulary()), scorer);
        const string Context = "a b unheard c";
        IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(model, Context, s_continuations);
        IReadOnlyList<TextScore> whole = _ml.LanguageModeling.Score(model, s_continuations.Select(text => $"{Context} {text}"));
        double context = _ml.LanguageModeling.Score(model, [Context]).Single().Tokens.SkipLast(1).Sum(token => token.LogLikelihood);
        for (int i = 0; i < s_continuations.Length; i++)
        {
            Assert.AreEqual(whole[i].LogLikelihood - context, scores[i].LogLikelihood, 1e-5, s_continuations[i]);
            Assert.AreSequenceEqual([.. s_continuations[i].Replace("what", "<unk>").Split(' '), "<eos>"], scores[i].Tokens.Select(t => t.Token));
            foreach ((TokenScore expected, TokenScore actual) in whole[i].Tokens.Skip(4).Zip(scores[i].Tokens))
            {
                Assert.AreEqual(expected.LogLikelihood, actual.LogLikelihood, 1e-5f);
            }

            Assert.AreEqual(i == 1 ? 1 : 0, scores[i].OutOfVocabularyCount);
            Assert.AreEqual(scores[i].Tokens.Count, scores[i].TokenCount);
        }
    }

    [TestMethod]
    public void It_is_what_the_formulas_give_in_double_precision()
    {
        ITransformer model = TinyModel.Trained;
        var pass = new ForwardPass(ModelZip.Save(model));
        TextScore score = _ml.LanguageModeling.Score(model, "w1 w2 <eos> w3", "w4 w1");
        double[] expected = pass.LogProbabilities("w1 w2 <eos> w3 w4 w1")[^3..];
        Numbers.AssertClose(expected, [.. score.Tokens.Select(token => (double)token.LogLikelihood)], 1e-6, "log P");
        Assert.AreEqual(expected.Sum(), score.LogLikelihood, 1e-5);
    }

    [TestMethod]
    public void The_end_of_the_sentence_counts_as_the_models_options_say()
    {
        ITransformer open = _ml.LanguageModeling.ChangeScoring(TinyModel.Untrained(), scoring => scoring with { CountEndOfSentence = false });
        TextScore with = _ml.LanguageModeling.Score(TinyModel.Untrained(), "a b", "c d");
        TextScore without = _ml.LanguageModeling.Score(open, "a b", "c d");
        Assert.AreEqual(2, without.TokenCount);
        Assert.AreEqual(with.LogLikelihood - with.Tokens[^1].LogLikelihood, without.LogLikelihood, 1e-5);
    }

    [TestMethod]
    public void Byte_pairs_go_on_where_the_context_ends()
    {
        const string Context = "w3 w4";
        string[] continuations = [" w5 w6", " w1", ", w2"];
        IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(BytePairModel.Trained, Context, continuations);
        double context = _ml.LanguageModeling.Score(BytePairModel.Trained, [Context]).Single().Tokens.SkipLast(1).Sum(token => token.LogLikelihood);
        foreach ((TextScore score, string text) in scores.Zip(continuations))
        {
            TextScore whole = _ml.LanguageModeling.Score(BytePairModel.Trained, [Context + text]).Single();
            Assert.AreEqual(whole.LogLikelihood - context, score.LogLikelihood, 1e-4, text);
        }

        Assert.IsTrue(scores[0].IsGreedy);
        Assert.IsFalse(scores[1].IsGreedy);
    }

    [TestMethod]
    [DataRow("the ", "cat", DisplayName = "the space before a word in the context")]
    [DataRow("the ca", "t", DisplayName = "within a word")]
    public void A_continuation_that_begins_within_a_token_of_the_whole_is_refused(string context, string continuation)
    {
        ITransformer model = BytePairModel.Untrained(BytePairModel.Tokenizer("the cat the cat"));
        Errors.AssertThrows<InvalidOperationException>(
            () => _ml.LanguageModeling.Score(model, context, continuation), "Row 0", "lies across the border", "the space before it included");
        Assert.IsTrue(double.IsFinite(_ml.LanguageModeling.Score(BytePairModel.Bytes(), context, continuation).LogLikelihood), "all borders");
    }

    [TestMethod]
    public void Tokens_of_files_go_on_where_the_context_ends_or_begin_anew()
    {
        foreach (TokenizerFiles files in TokenizerSamples.All)
        {
            ITransformer model = PretrainedModel.Untrained(files);
            string[] continuations = [" the cats", " cat <eos> the"];
            IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(model, "the cat", continuations);
            TokenScore[] context = [.. _ml.LanguageModeling.Score(model, ["the cat"]).Single().Tokens.SkipLast(1)];
            foreach ((TextScore score, string text) in scores.Zip(continuations))
            {
                TextScore whole = _ml.LanguageModeling.Score(model, ["the cat" + text]).Single();
                Assert.AreEqual(
                    whole.LogLikelihood - context.Sum(token => token.LogLikelihood), score.LogLikelihood, 1e-4, $"{files.Kind}: {text}");
                Assert.AreSequenceEqual(
                    whole.Tokens.Select(token => token.Token), [.. context.Concat(score.Tokens).Select(token => token.Token)]);
            }
        }

        ITransformer pairs = PretrainedModel.Untrained(TokenizerSamples.ByteLevelBpe);
        Errors.AssertThrows<InvalidOperationException>(() => _ml.LanguageModeling.Score(pairs, "the ", "cat"), "Row 0", "lies across the border");
    }

    [TestMethod]
    public void Greedy_is_the_one_text_whose_every_token_is_the_likeliest()
    {
        // All texts of two words: the flag is true for one, and that is where the argmax of each distribution leads.
        ITransformer model = _ml.LanguageModeling.ChangeScoring(TinyModel.Untrained(), scoring => scoring with { CountEndOfSentence = false });
        string[] words = TinyModel.Words;
        string[] texts = [.. words.SelectMany(first => words.Select(second => $"{first} {second}"))];
        var pass = new ForwardPass(ModelZip.Save(model));
        foreach (string context in words)
        {
            string greedy = Likeliest(context);
            greedy = $"{greedy} {Likeliest($"{context} {greedy}")}";
            IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(model, context, texts);
            Assert.AreEqual(greedy, texts.Zip(scores).Single(text => text.Second.IsGreedy == true).First, $"after {context}");
        }

        Assert.IsNull(_ml.LanguageModeling.Score(model, texts)[0].IsGreedy, "without a context it is not computed");

        string Likeliest(string text)
        {
            double[] next = pass.Distributions(text)[^1];
            return words[Array.IndexOf(next, next.Max())];
        }
    }

    [TestMethod]
    public void Greedy_goes_by_the_tokens_that_count()
    {
        string greedy = Greedy("w1");
        string[] texts = [greedy, $"{greedy} <unk>", $"<unk> {greedy}"];
        ITransformer model = _ml.LanguageModeling.ChangeScoring(
            TinyModel.Trained, scoring => scoring with { CountEndOfSentence = false, CountUnknownWords = false });
        Assert.AreSequenceEqual([true, true], _ml.LanguageModeling.Score(model, "w1", texts).Take(2).Select(score => score.IsGreedy!.Value));
        Assert.IsFalse(_ml.LanguageModeling.Score(TinyModel.Trained, "w1", texts[0]).IsGreedy, "the sentence does not end there");

        string Greedy(string context) => _ml.LanguageModeling.CreateTextGenerator(TinyModel.Trained, temperature: 0).Generate(context).First().Word;
    }

    [TestMethod]
    public void More_than_a_batch_of_continuations_are_scored_as_one_by_one()
    {
        string[] texts = [.. Enumerable.Range(0, 2_500).Select(i => string.Join(' ', Words(first: i, count: 1 + (i % 7))))];
        IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(TinyModel.Untrained(), "d c b", texts, includeTokens: false);
        Assert.HasCount(texts.Length, scores);
        foreach (int i in new[] { 0, 1_023, 1_024, 2_499 })
        {
            Assert.AreEqual(_ml.LanguageModeling.Score(TinyModel.Untrained(), "d c b", texts[i]).LogLikelihood, scores[i].LogLikelihood, 1e-5);
        }

        Assert.IsEmpty(_ml.LanguageModeling.Score(TinyModel.Untrained(), "d c b", []));

        static IEnumerable<string> Words(int first, int count) => Enumerable.Range(first, count).Select(i => TinyModel.Words[2 + (i % 11)]);
    }

    [TestMethod]
    public void A_context_of_any_length_is_read_to_its_end()
    {
        string[] words = [.. Numbers.Ids(new Random(1), 20_000, 11).Select(id => TinyModel.Words[2 + id])];
        TextScore score = _ml.LanguageModeling.Score(TinyModel.Untrained(), string.Join(' ', words), "a b");
        TextScore whole = _ml.LanguageModeling.Score(TinyModel.Untrained(), [string.Join(' ', words) + " a b"]).Single();
        Assert.AreEqual(whole.Tokens.TakeLast(3).Sum(token => token.LogLikelihood), score.LogLikelihood, 1e-5);
    }

    [TestMethod]
    public void An_empty_context_or_continuation_is_refused()
    {
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.Score(TinyModel.Untrained(), " \t", "a"), "context is empty");
        Errors.AssertThrows<InvalidOperationException>(
            () => _ml.LanguageModeling.Score(TinyModel.Untrained(), "a", ["b", " "]), "Row 1", "no token", "nothing to predict");
        Assert.Throws<ArgumentNullException>(() => _ml.LanguageModeling.Score(TinyModel.Untrained(), (string)null!, "a"));
    }

    [TestMethod]
    public void A_model_that_reads_rows_as_a_stream_takes_no_context()
    {
        ITransformer stream = _ml.LanguageModeling.ChangeScoring(TinyModel.Untrained(), scoring => scoring with { Context = ScoringContext.Stream });
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.Score(stream, "a", "b"), "Stream", "Row");
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.Score(TinyModel.Adapted, "w1", "w2"), "Stream", "Row");
    }

    [TestMethod]
    public void A_disposed_model_says_so()
    {
        ITransformer model = TinyModel.Untrained();
        _ml.LanguageModeling.GetLanguageModel(model).Dispose();
        Errors.AssertThrows<ObjectDisposedException>(() => _ml.LanguageModeling.Score(model, "a", "b"), "load it again");
    }
}
