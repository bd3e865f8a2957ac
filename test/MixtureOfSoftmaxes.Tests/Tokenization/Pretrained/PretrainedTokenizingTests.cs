using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.Pretrained;

[TestClass]
public sealed class PretrainedTokenizingTests
{
    private static readonly string[] s_texts = ["the cats", "", "  The cat, unable  ", "été the xyz", "don't </s> [SEP]", "👩\u200D🔬 the"];

    private readonly MLContext _ml = new();

    [TestMethod]
    public void Byte_pairs_of_files_are_those_of_the_official_tokenizer()
    {
        string[] names = [.. TokenizerSamples.Bytes, .. TokenizerSamples.Merges.Select(merge => merge.Replace(" ", ""))];
        var official = BpeTokenizer.Create(new(names.Index().ToDictionary(name => name.Item, name => name.Index))
        {
            Merges = TokenizerSamples.Merges,
            ByteLevel = true,
            PreTokenizer = RobertaPreTokenizer.Instance,
        });
        PretrainedTokenizingTransformer tokenizer = PretrainedModel.Tokenizer(TokenizerSamples.ByteLevelBpe);
        Assert.AreSequenceEqual([.. names, "<|endoftext|>"], tokenizer.Tokens);
        AnyText.Holds(text => Assert.AreSequenceEqual(official.EncodeToIds(text).Select(id => (uint)id + 1), Keys(tokenizer, text)));
        Assert.AreSequenceEqual(["the", "Ġcat", "s"], Names(tokenizer, "the cats"));
    }

    [TestMethod]
    public void The_tokens_of_GPT_2_are_those_of_the_official_tokenizer()
    {
        var official = TiktokenTokenizer.CreateForModel("gpt2");
        using Stream file = TokenizerSamples.Gpt2();
        PretrainedTokenizingTransformer tokenizer = PretrainedModel.Tokenizer(TokenizerFiles.Read(TokenizerKind.Tiktoken, file));
        Assert.HasCount(50_256, tokenizer.Tokens);
        AnyText.Holds(text => Assert.AreSequenceEqual(official.EncodeToIds(text).Select(id => (uint)id + 1), Keys(tokenizer, text)));
        Assert.AreSequenceEqual([15496u + 1, 11u + 1, 995u + 1], Keys(tokenizer, "Hello, world"), "15496, 11, 995 by OpenAI's own");
        Assert.AreSequenceEqual(["Hello", ",", "Ġworld"], Names(tokenizer, "Hello, world"));
    }

    [TestMethod]
    public void Ids_may_have_gaps_and_keys_have_none()
    {
        PretrainedTokenizingTransformer tokenizer = PretrainedModel.Tokenizer(TokenizerSamples.Tiktoken);
        Assert.HasCount(260, tokenizer.Tokens);
        Assert.AreSequenceEqual([.. TokenizerSamples.Bytes, "th", "the", "Ġthe", "Ã©"], tokenizer.Tokens);
        Assert.AreSequenceEqual(["the", "Ġthe", "Ġ", "Ã©"], Names(tokenizer, "the the é"));
    }

    [TestMethod]
    [DataRow(true, true, true)]
    [DataRow(true, false, false)]
    [DataRow(false, true, true)]
    [DataRow(false, true, false)]
    public void Sentence_pieces_are_those_of_the_official_tokenizer(bool unigram, bool dummyPrefix, bool removesSpaces)
    {
        TokenizerFiles files = TokenizerSamples.OfPieces(unigram, dummyPrefix, removesSpaces);
        var official = SentencePieceTokenizer.Create(new MemoryStream(files.Contents[0]), false, false);
        PretrainedTokenizingTransformer tokenizer = PretrainedModel.Tokenizer(files);
        Assert.AreSequenceEqual(TokenizerSamples.Pieces.Select(piece => piece.Name), tokenizer.Tokens);
        AnyText.Holds(text => Assert.AreSequenceEqual(official.EncodeToIds(text).Select(id => (uint)id + 1), Keys(tokenizer, text)));
    }

    [TestMethod]
    public void Characters_that_no_sentence_piece_has_are_bytes_where_the_model_has_them()
    {
        PretrainedTokenizingTransformer tokenizer = PretrainedModel.Tokenizer(TokenizerSamples.OfPieces(unigram: false, bytes: true));
        Assert.HasCount(TokenizerSamples.Pieces.Length + 256, tokenizer.Tokens);
        Assert.AreSequenceEqual(["▁the", "▁", "<0xC3>", "<0xA9>", "t"], Names(tokenizer, "the ét"));
        Assert.AreEqual("the ét", tokenizer.Detokenize(Keys(tokenizer, "the ét")));
    }

    [TestMethod]
    public void Word_pieces_are_those_of_the_official_tokenizer_without_its_marks()
    {
        var official = BertTokenizer.Create(
            new MemoryStream(TokenizerSamples.WordPiece.Contents[0]), new BertOptions { RemoveNonSpacingMarks = true });
        PretrainedTokenizingTransformer tokenizer = PretrainedModel.Tokenizer(TokenizerSamples.WordPiece);
        Assert.AreSequenceEqual(TokenizerSamples.WordPieces, tokenizer.Tokens);
        AnyText.Holds(text => Assert.AreSequenceEqual(
            official.EncodeToIds(text, addSpecialTokens: false).Select(id => (uint)id + 1), Keys(tokenizer, text)));
        Assert.AreSequenceEqual(["the", "cat", "##s", "un", "##able"], Names(tokenizer, "The cats unable"));
        Assert.AreSequenceEqual(["[UNK]"], Names(PretrainedModel.Tokenizer(TokenizerSamples.WordPiece with { LowerCase = false }), "The"));
    }

    [TestMethod]
    public void No_text_becomes_a_special_token()
    {
        foreach (TokenizerFiles files in TokenizerSamples.All)
        {
            Assert.IsEmpty(Names(PretrainedModel.Tokenizer(files), "</s> <s> [SEP] [CLS] <|endoftext|>")
                .Intersect(["</s>", "<s>", "[SEP]", "[CLS]", "<|endoftext|>"]));
        }
    }

    [TestMethod]
    public void Keys_give_the_text_back_as_their_tokenizer_read_it()
    {
        foreach (TokenizerFiles files in new[] { TokenizerSamples.ByteLevelBpe, TokenizerSamples.Tiktoken })
        {
            PretrainedTokenizingTransformer tokenizer = PretrainedModel.Tokenizer(files);
            AnyText.Holds(text => Assert.AreEqual(text, tokenizer.Detokenize(Keys(tokenizer, text))));
        }

        PretrainedTokenizingTransformer pieces = PretrainedModel.Tokenizer(TokenizerSamples.SentencePiece);
        Assert.AreEqual("the cats", pieces.Detokenize(Keys(pieces, "the  cats ")));
        PretrainedTokenizingTransformer wordPieces = PretrainedModel.Tokenizer(TokenizerSamples.WordPiece);
        Assert.AreEqual("the cats , unable [UNK]", wordPieces.Detokenize(Keys(wordPieces, "The cats, unable xyz")));
        Assert.Throws<ArgumentOutOfRangeException>(() => pieces.Detokenize([0u]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pieces.Detokenize([(uint)pieces.Tokens.Count + 1]));
    }

    [TestMethod]
    public void A_pattern_cuts_text_into_its_matches_and_what_is_between()
    {
        TokenizerFiles byLetter = TokenizerSamples.ByteLevelBpe with { Pieces = "[a-z]" };
        Assert.AreSequenceEqual(["t", "h", "e", "Ġ", "c", "a", "t"], Names(PretrainedModel.Tokenizer(byLetter), "the cat"));
        PretrainedTokenizingTransformer anywhere = PretrainedModel.Tokenizer(TokenizerSamples.ByteLevelBpe with { Pieces = "[\ud800-\udbff]" });
        Assert.AreEqual("👩x", anywhere.Detokenize(Keys(anywhere, "👩x")), "never within a surrogate pair");
        PretrainedTokenizingTransformer whole = PretrainedModel.Tokenizer(TokenizerSamples.ByteLevelBpe with { Pieces = "(?s).+" });
        Assert.AreSequenceEqual(["the", "Ġthe"], Names(whole, "the the"));
    }

    [TestMethod]
    public void It_saves_and_loads_its_files_byte_by_byte()
    {
        foreach (TokenizerFiles files in TokenizerSamples.All.Append(TokenizerSamples.ByteLevelBpe with { Pieces = "[a-z]+" })
            .Append(TokenizerSamples.WordPiece with { LowerCase = false }))
        {
            PretrainedTokenizingTransformer tokenizer = PretrainedModel.Tokenizer(files);
            var loaded = (PretrainedTokenizingTransformer)ModelZip.Load(ModelZip.Save(tokenizer));
            Assert.AreEqual((files.Kind, files.Pieces, files.LowerCase), (loaded.Files.Kind, loaded.Files.Pieces, loaded.Files.LowerCase));
            Assert.AreSequenceEqual(files.Contents.SelectMany(bytes => bytes), loaded.Files.Contents.SelectMany(bytes => bytes));
            Assert.AreSequenceEqual(tokenizer.Tokens, loaded.Tokens);
            foreach (string text in s_texts)
            {
                Assert.AreSequenceEqual(Keys(tokenizer, text), Keys(loaded, text));
            }
        }
    }

    [TestMethod]
    public void Files_that_are_written_are_read_back()
    {
        using var folder = new TemporaryFolder();
        foreach (TokenizerFiles files in TokenizerSamples.All)
        {
            IReadOnlyList<string> paths = files.Save(folder.PathOf("in/here"));
            Assert.AreSequenceEqual(files.FileNames, paths.Select(Path.GetFileName));
            TokenizerFiles read = TokenizerFiles.Load(files.Kind, paths);
            Assert.AreSequenceEqual(files.Contents.SelectMany(bytes => bytes), read.Contents.SelectMany(bytes => bytes));
            Assert.AreSequenceEqual(files.CreateTokenizer().EncodeToIds("the cat"), read.CreateTokenizer().EncodeToIds("the cat"));
        }
    }

    private uint[] Keys(PretrainedTokenizingTransformer tokenizer, string text) =>
        tokenizer.Transform(_ml.Texts(text)).GetColumn<uint[]>("Tokens").Single();

    private string[] Names(PretrainedTokenizingTransformer tokenizer, string text) =>
        [.. Keys(tokenizer, text).Select(key => tokenizer.Tokens[(int)key - 1])];
}
