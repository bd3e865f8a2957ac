using Microsoft.ML.MixtureOfSoftmaxes.Generation;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Generation;

/// <summary>Prompts to tokens and tokens to text where a tokenizer of files makes them.</summary>
[TestClass]
public sealed class PretrainedGenerationTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow("", "▁the ▁cat s", "the| cat|s")]
    [DataRow("a", "▁the ▁cat s", " the| cat|s")]
    [DataRow("a ", "▁the", "the")]
    [DataRow("a", "<eos> ▁the ▁ s", "\n|the| |s")]
    [DataRow("", "▁ <0xC3> <0xA9> <unk>", "||é|<unk>")]
    public void Sentence_pieces_bring_their_spaces_but_for_the_first_of_a_line(string prompt, string tokens, string expected) =>
        Assert.AreEqual(expected, Add(TokenizerSamples.OfPieces(unigram: false, bytes: true), prompt, tokens));

    [TestMethod]
    public void Without_a_prefix_of_the_tokenizers_own_every_space_is_of_the_text() =>
        Assert.AreEqual(" the| cat", Add(TokenizerSamples.OfPieces(unigram: true, dummyPrefix: false), "", "▁the ▁cat"));

    [TestMethod]
    [DataRow("", "the cat ##s , un ##able", "the| cat|s| ,| un|able")]
    [DataRow("a", "the ##s <eos> cat [UNK]", " the|s|\n|cat| [UNK]")]
    [DataRow("a ", "the", "the")]
    public void Word_pieces_follow_a_space_unless_they_go_on_with_a_word(string prompt, string tokens, string expected) =>
        Assert.AreEqual(expected, Add(TokenizerSamples.WordPiece, prompt, tokens));

    [TestMethod]
    public void A_text_goes_on_from_its_tokens_and_what_it_gives_scores_as_it_says()
    {
        foreach (TokenizerFiles files in TokenizerSamples.All)
        {
            ITransformer model = PretrainedModel.Untrained(files);
            LanguageModelTransformer languageModel = _ml.LanguageModeling.GetLanguageModel(model);
            int[] prompt = ModelChain.Prompts(model, languageModel).Read("the cats");
            IReadOnlyList<TokenScore> scored = _ml.LanguageModeling.Score(model, ["the cats"])[0].Tokens;
            Assert.AreSequenceEqual(
                scored.SkipLast(1).Select(token => token.Token), prompt.Select(token => languageModel.Words[token]));
            GeneratedWord next = _ml.LanguageModeling.CreateTextGenerator(model, temperature: 0, maximumTokens: 1).Generate("the cats").First();
            if (files.Kind is TokenizerKind.ByteLevelBpe or TokenizerKind.Tiktoken && !next.IsEndOfSentence)
            {
                // Greedy tokens may join with those before to others, so only what scores alike is compared.
                TokenScore again = _ml.LanguageModeling.Score(model, ["the cats" + next.Text])[0].Tokens[prompt.Length];
                Assert.IsTrue(again.Token != next.Word || Math.Abs(again.LogLikelihood - next.LogProbability) < 1e-4);
            }
        }
    }

    [TestMethod]
    [DataRow("the cats", 8)]
    [DataRow("the  cat ", 7, 9)]
    [DataRow("", 0)]
    public void Characters_are_those_of_the_text_as_the_tokenizer_reads_it(string text, int characters, int asTheyAre = -1)
    {
        AssertCharacters(TokenizerSamples.SentencePiece, characters);
        AssertCharacters(TokenizerSamples.OfPieces(unigram: true, dummyPrefix: false, removesSpaces: false), asTheyAre < 0 ? characters : asTheyAre);
        AssertCharacters(TokenizerSamples.WordPiece, characters);

        void AssertCharacters(TokenizerFiles files, int expected)
        {
            TextScore score = _ml.LanguageModeling.Score(PretrainedModel.Untrained(files), [text])[0];
            Assert.AreEqual(-score.LogLikelihood / Math.Log(2) / (expected + 1), score.BitsPerCharacter, 1e-4, files.Kind.ToString());
        }
    }

    private string Add(TokenizerFiles files, string prompt, string tokens)
    {
        Vocabulary vocabulary = _ml.LanguageModeling.GetLanguageModel(PretrainedModel.Untrained(files)).Vocabulary;
        var text = new IncrementalDetokenizer(vocabulary, prompt);
        string[] names = tokens.Split(' ');
        return string.Join('|', names.Select((name, i) => text.Add(vocabulary.IndexOf(name), isLast: i == names.Length - 1)));
    }
}
