using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.Pretrained;

/// <summary>Byte pairs that were learnt here, as vocab.json and merges.txt.</summary>
[TestClass]
public sealed class BytePairFilesTests
{
    private static readonly string[] s_training =
        ["the cat sat on the mat", "la été la «été» \"quoted\" back\\slash", "aabb aabb 11 11 \t\n the the", "日本 日本 👩\u200D🔬👩\u200D🔬"];

    private readonly MLContext _ml = new();

    [TestMethod]
    public void Any_text_has_the_same_tokens_by_the_official_reader_of_the_files()
    {
        BytePairTokenizingTransformer learnt = BytePairModel.Tokenizer(s_training);
        Assert.IsGreaterThan(280, learnt.Tokens.Count);
        using var folder = new TemporaryFolder();
        IReadOnlyList<string> paths = _ml.LanguageModeling.GetTokenizerFiles(learnt).Save(folder.PathOf("tokenizer"));
        var official = BpeTokenizer.Create(new BpeOptions(paths[0], paths[1]) { ByteLevel = true, PreTokenizer = new PiecePreTokenizer() });
        PretrainedTokenizingTransformer read = PretrainedModel.Tokenizer(
            TokenizerFiles.Load(TokenizerKind.ByteLevelBpe, paths) with { Pieces = TextPieces.Runs });
        Assert.AreSequenceEqual(learnt.Tokens, read.Tokens);
        AnyText.HoldsForAnyString(text =>
        {
            uint[] keys = Keys(learnt, text);
            Assert.AreSequenceEqual(keys, Keys(read, text));
            if (!text.Any(char.IsSurrogate))
            {
                Assert.AreSequenceEqual(keys, official.EncodeToIds(text).Select(id => (uint)id + 1));
            }
        });
    }

    [TestMethod]
    public void The_files_of_a_chain_are_those_of_its_tokenizer()
    {
        TokenizerFiles learnt = _ml.LanguageModeling.GetTokenizerFiles(BytePairModel.Trained);
        Assert.AreEqual((TokenizerKind.ByteLevelBpe, TextPieces.Runs), (learnt.Kind, learnt.Pieces));
        ITransformer pretrained = PretrainedModel.Untrained(TokenizerSamples.SentencePiece);
        Assert.AreSame(TokenizerSamples.SentencePiece, _ml.LanguageModeling.GetTokenizerFiles(pretrained));
        Errors.AssertThrows<ArgumentException>(() => _ml.LanguageModeling.GetTokenizerFiles(TinyModel.Trained), "no tokenizer", "byte pairs");
    }

    private uint[] Keys(ITransformer tokenizer, string text) => tokenizer.Transform(_ml.Texts(text)).GetColumn<uint[]>("Tokens").Single();
}
