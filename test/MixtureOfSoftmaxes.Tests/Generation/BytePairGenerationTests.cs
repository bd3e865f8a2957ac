using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Generation;

/// <summary>Text in, text out, where tokens are byte pairs.</summary>
[TestClass]
public sealed class BytePairGenerationTests
{
    private const int Mark = 257;

    private static readonly GenerationOptions s_greedy = new() { Temperature = 0, ExcludeUnknownWord = false };

    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow("", "w1 w2 w3 w4 w5 w6")]
    [DataRow("w3", " w4 w5 w6")]
    [DataRow("w3 w", "4 w5 w6", DisplayName = "within a word")]
    [DataRow("w2 w3<eos>", "w1 w2 w3 w4 w5 w6", DisplayName = "after a sentence")]
    public void A_model_of_a_language_goes_on_as_the_language_does(string prompt, string expected)
    {
        // From word s to s + 1 with probability 0.8, and after the sixth the end.
        string text = string.Concat(Generate(BytePairModel.Trained, s_greedy, prompt).Select(word => word.Text));
        Assert.AreEqual(expected, text);
        GeneratedText found = Generator(BytePairModel.Trained, s_greedy).Search(prompt, new() { Width = 1 }).Single();
        Assert.AreEqual(expected, found.Text);
        Assert.IsTrue(found.Words[^1].IsEndOfSentence);
    }

    [TestMethod]
    public void Log_probabilities_are_those_that_scoring_gives_the_text()
    {
        GeneratedWord[] words = Generate(BytePairModel.Trained, s_greedy, "w3");
        TextScore score = _ml.LanguageModeling.Score(BytePairModel.Trained, ["w3" + string.Concat(words.Select(word => word.Text))]).Single();
        Assert.AreSequenceEqual(score.Tokens.TakeLast(words.Length).Select(token => token.Token), words.Select(word => word.Word));
        foreach ((TokenScore token, GeneratedWord word) in score.Tokens.TakeLast(words.Length).Zip(words))
        {
            Assert.AreEqual(token.LogLikelihood, word.LogProbability, 1e-4);
        }
    }

    [TestMethod]
    [DataRow("ab", new[] { 97, 98 })]
    [DataRow(" a\n", new[] { 32, 97, 10 })]
    [DataRow("é", new[] { 0xc3, 0xa9 })]
    [DataRow("\ufffd", new[] { 0xef, 0xbf, 0xbd })]
    [DataRow("a<eos>b", new[] { 97, Mark, 98 })]
    [DataRow("<eos> a<eos><eos>", new[] { Mark, 32, 97, Mark, Mark })]
    [DataRow("<unk>", new[] { 60, 117, 110, 107, 62 })]
    public void A_prompt_is_the_bytes_of_its_text_and_marks(string prompt, int[] bytes)
    {
        ITransformer model = BytePairModel.Bytes();
        GeneratedWord word = Generate(model, s_greedy, prompt)[0];
        LanguageModelTransformer languageModel = _ml.LanguageModeling.GetLanguageModel(model);
        using var scorer = new SequenceScorer(languageModel.Network, Mark);
        double[] exact =
        [
            .. Enumerable.Range(0, languageModel.Words.Count)
                .Select(next => (double)scorer.ScoreRows([[.. bytes, next]])[0].LogLikelihoods[bytes.Length]),
        ];
        Assert.AreEqual(exact.Max(), word.LogProbability, 1e-5);
        Assert.AreEqual(languageModel.Words[exact.IndexOf(exact.Max())], word.Word);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Whatever_bytes_are_drawn_the_text_is_what_they_are_sentence_by_sentence(int seed)
    {
        ITransformer model = BytePairModel.Bytes();
        var options = new GenerationOptions { Seed = seed, Temperature = 10, MaximumTokens = 1500, StopAtEndOfSentence = false };
        GeneratedWord[] words = Generate(model, options, "é");
        string[] names = [.. _ml.LanguageModeling.GetLanguageModel(model).Words];
        List<List<byte>> sentences = [[]];
        foreach (GeneratedWord word in words)
        {
            if (word.IsEndOfSentence)
            {
                sentences.Add([]);
            }
            else
            {
                sentences[^1].Add((byte)names.IndexOf(word.Word));
            }
        }

        Assert.IsGreaterThan(1, sentences.Count);
        string text = string.Join('\n', sentences.Select(sentence => Encoding.UTF8.GetString([.. sentence])));
        Assert.Contains("\ufffd", text);
        string generated = string.Concat(words.Select(word => word.Text));
        Assert.AreEqual(words[^1].IsEndOfSentence ? text[..^1] : text, generated);
    }

    [TestMethod]
    public void A_loaded_model_generates_the_same()
    {
        ITransformer loaded = ModelZip.Load(ModelZip.Save(BytePairModel.Trained));
        var options = new GenerationOptions { Seed = 1, MaximumTokens = 50, StopAtEndOfSentence = false };
        Assert.AreSequenceEqual(Generate(BytePairModel.Trained, options, "w1 é"), Generate(loaded, options, "w1 é"));
        LanguageModelTransformer alone = _ml.LanguageModeling.GetLanguageModel(
            ModelZip.Load(ModelZip.Save(_ml.LanguageModeling.GetLanguageModel(BytePairModel.Trained))));
        Assert.AreSequenceEqual(Generate(BytePairModel.Trained, options, ""), Generate(alone, options, ""), "without its tokenizer");
    }

    [TestMethod]
    public void A_prompt_needs_the_tokenizer_of_the_model()
    {
        LanguageModelTransformer model = _ml.LanguageModeling.GetLanguageModel(BytePairModel.Trained);
        foreach (ITransformer without in new ITransformer[]
        {
            model,
            new TransformerChain<ITransformer>(BytePairModel.Tokenizer("another text, other tokens", "other text"), model),
            new TransformerChain<ITransformer>(BytePairModel.Tokenizer("a"), model),
        })
        {
            Errors.AssertThrows<InvalidOperationException>(
                () => Generator(without, new()).Generate("w1"), "not words", "tokenizer", "the chain that holds");
            Errors.AssertThrows<InvalidOperationException>(() => Generator(without, new()).Search("w1"), "not words");
            Assert.IsNotEmpty(Generate(without, s_greedy, ""));
        }

        ITransformer nested = new TransformerChain<ITransformer>(new TransformerChain<ITransformer>(BytePairModel.Trained));
        Assert.AreSequenceEqual(Generate(BytePairModel.Trained, s_greedy, "w1"), Generate(nested, s_greedy, "w1"));
    }

    private TextGenerator Generator(ITransformer model, GenerationOptions options) =>
        _ml.LanguageModeling.CreateTextGenerator(model, options);

    private GeneratedWord[] Generate(ITransformer model, GenerationOptions options, string prompt) =>
        [.. Generator(model, options).Generate(prompt)];
}
