using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Reading;

/// <summary>Texts are continuations where the tokens of both are those of the whole text.</summary>
[TestClass]
public sealed class ContinuationCheckTests
{
    // Merges within and across what the random texts repeat.
    private static readonly ISubwordTokenizer s_tokenizer =
        BytePairModel.Tokenizer("aab bba aabb c c 11 1 é éa", " aab aabb  abab\n\n", "cc cac aéaé 111 1\t\t");

    private static readonly Vocabulary s_vocabulary = new([.. s_tokenizer.Tokens, "<unk>", "<eos>"], "<unk>", "<eos>", TokenEncoding.BytePairs);

    private static readonly Dictionary<string, TokenizerFiles> s_files = new()
    {
        ["byte-level BPE"] = TokenizerSamples.ByteLevelBpe,
        ["tiktoken"] = TokenizerSamples.Tiktoken,
        ["sentence pieces as they are"] = TokenizerSamples.OfPieces(unigram: false, dummyPrefix: false, removesSpaces: false, bytes: true),
        ["sentence pieces and bytes"] = TokenizerSamples.OfPieces(unigram: false, bytes: true),
        ["sentence pieces"] = TokenizerSamples.OfPieces(unigram: true),
        ["word pieces"] = TokenizerSamples.WordPiece,
    };

    [TestMethod]
    public void A_text_cut_anywhere_is_refused_exactly_where_its_tokens_are_cut()
    {
        int cut = 0, whole = 0;
        AnyText.Holds(text =>
        {
            int[] tokens = Tokens(text);
            for (int i = 1; i < text.Length; i++)
            {
                if (char.IsLowSurrogate(text[i]))
                {
                    continue;
                }

                int[] context = Tokens(text[..i]), words = Tokens(text[i..]);
                bool isWhole = tokens.AsSpan().SequenceEqual([.. context, .. words]);
                (cut, whole) = isWhole ? (cut, whole + 1) : (cut + 1, whole);
                Assert.AreEqual(isWhole, new ContinuationCheck(s_vocabulary).Fault(context, words) is null, $"'{text[..i]}' | '{text[i..]}'");
            }
        });
        Assert.IsGreaterThan(100, cut);
        Assert.IsGreaterThan(100, whole);
    }

    [TestMethod]
    [DataRow("byte-level BPE", "")]
    [DataRow("tiktoken", "")]
    [DataRow("sentence pieces as they are", "")]
    [DataRow("sentence pieces and bytes", " ")]
    [DataRow("sentence pieces", " ")]
    [DataRow("word pieces", " ")]
    public void So_is_a_text_of_a_pretrained_tokenizer_where_it_goes_on_or_begins_anew(string name, string between)
    {
        ITransformer model = PretrainedModel.Untrained(s_files[name]);
        LanguageModelTransformer languageModel = new MLContext().LanguageModeling.GetLanguageModel(model);
        PromptReader prompts = ModelChain.Prompts(model, languageModel);
        var check = new ContinuationCheck(languageModel.Vocabulary, ModelChain.FindTokenizer(model, languageModel.Vocabulary)!.Tokenize);
        int cut = 0, whole = 0;
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            string before = Draw(random), after = Draw(random);
            int[] context = prompts.Read(before), words = prompts.Read(after);
            if (context.Length > 0 && words.Length > 0)
            {
                bool isWhole = prompts.Read(before + between + after).AsSpan().SequenceEqual([.. context, .. words]);
                (cut, whole) = isWhole ? (cut, whole + 1) : (cut + 1, whole);
                Assert.AreEqual(isWhole, check.Fault(context, words) is null, $"'{before}' | '{after}'");
            }
        }

        Assert.IsGreaterThan(100, whole);
        Assert.IsTrue(between.Length > 0 || cut > 0, "some are cut");
    }

    [TestMethod]
    public void Without_the_tokenizer_of_files_a_text_is_refused()
    {
        LanguageModelTransformer model = new MLContext().LanguageModeling.GetLanguageModel(PretrainedModel.Untrained(TokenizerSamples.Tiktoken));
        Assert.Contains("only the model's tokenizer can tell", new ContinuationCheck(model.Vocabulary).Fault([1], [2])!);
    }

    [TestMethod]
    public void After_the_end_of_a_sentence_any_text_begins()
    {
        var check = new ContinuationCheck(s_vocabulary);
        int[] context = [.. Tokens("aa"), s_vocabulary.EndOfSentenceIndex];
        Assert.IsNull(check.Fault(context, Tokens("b")));
        Assert.IsNotNull(check.Fault(Tokens("aa"), Tokens("b")), "which is one token without it");
    }

    private static string Draw(Random random) => new([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => "the cats é"[random.Next(10)])]);

    private static int[] Tokens(string text) => [.. s_tokenizer.Tokenize(text).Select(token => s_vocabulary.IndexOf(token))];
}
