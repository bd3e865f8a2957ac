using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.Pretrained;

[TestClass]
public sealed class TokenizerFilesErrorTests
{
    private static readonly byte[] s_merges = Encoding.UTF8.GetBytes("t h\n");

    private readonly MLContext _ml = new();

    [TestMethod]
    public void Too_few_and_too_many_files_are_named_with_what_the_kind_takes()
    {
        Errors.AssertThrows<ArgumentException>(
            () => TokenizerFiles.Load(TokenizerKind.ByteLevelBpe, "a"), "ByteLevelBpe", "vocab.json, then merges.txt", "1");
        Errors.AssertThrows<ArgumentException>(() => TokenizerFiles.Read(TokenizerKind.Tiktoken, Stream.Null, Stream.Null), "Tiktoken", "2");
        Errors.AssertThrows<ArgumentException>(() => TokenizerFiles.Load((TokenizerKind)9, "a"), "9", "SentencePiece");
        Errors.AssertThrows<FileNotFoundException>(() => TokenizerFiles.Load(TokenizerKind.WordPiece, "/nowhere.txt"), "/nowhere.txt");
    }

    [TestMethod]
    public void Files_of_another_kind_and_damaged_ones_are_one_error()
    {
        byte[][] strange = [[], [0], [.. Enumerable.Range(0, 256).Select(i => (byte)i)]];
        foreach (TokenizerKind kind in Enum.GetValues<TokenizerKind>())
        {
            IEnumerable<byte[]> others = TokenizerSamples.All.Where(files => files.Kind != kind).Select(files => files.Contents[0]);
            foreach (byte[] content in strange.Concat(others))
            {
                AssertRefused(kind == TokenizerKind.ByteLevelBpe ? TokenizerFiles.Of(kind, content, s_merges) : TokenizerFiles.Of(kind, content));
            }
        }

        foreach (TokenizerFiles whole in TokenizerSamples.All.Where(files => files.Kind != TokenizerKind.WordPiece))
        {
            AssertRefused(TokenizerFiles.Of(whole.Kind, [whole.Contents[0][..((whole.Contents[0].Length / 2) + 1)], .. whole.Contents.Skip(1)]));
        }
    }

    [TestMethod]
    public void What_is_wrong_with_a_vocabulary_is_named()
    {
        AssertRefused(Bpe(["a"], ""), "byte 0x00");
        AssertRefused(Bpe([.. TokenizerSamples.Bytes.Where(name => name != "A")], ""), "byte 0x41", "'A'");
        AssertRefused(Bpe([.. TokenizerSamples.Bytes, "日"], ""), "'日'");
        AssertRefused(Bpe(TokenizerSamples.Bytes, "t h\n"), "'t h'");
        AssertRefused(Bpe([.. TokenizerSamples.Bytes, "th"], "t h e\n"), "'t h e'");
        AssertRefused(TokenizerFiles.Of(TokenizerKind.ByteLevelBpe, """{"a": 0, "b": 0}"""u8.ToArray(), s_merges), "0x00");
        string json = Encoding.UTF8.GetString(TokenizerSamples.VocabularyJson(TokenizerSamples.Bytes));
        byte[] twice = Encoding.UTF8.GetBytes(json.Replace(":65,", ":66,"));
        AssertRefused(TokenizerFiles.Of(TokenizerKind.ByteLevelBpe, twice, []), "66", "'A'", "'B'");
        AssertRefused(TokenizerFiles.Of(TokenizerKind.WordPiece, "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\na\na"u8.ToArray()), "'a'", "twice");
        AssertRefused(TokenizerFiles.Of(TokenizerKind.WordPiece, "[UNK]\na"u8.ToArray()), "[CLS]");
        AssertRefused(TokenizerFiles.Of(TokenizerKind.Tiktoken, "QQ== 1\nQQ== 2"u8.ToArray()), "'QQ== 2'");

        static TokenizerFiles Bpe(string[] names, string merges) =>
            TokenizerFiles.Of(TokenizerKind.ByteLevelBpe, TokenizerSamples.VocabularyJson(names), Encoding.UTF8.GetBytes(merges));
    }

    [TestMethod]
    public void A_model_of_unigrams_whose_bytes_would_be_other_pieces_is_refused()
    {
        TokenizerFiles files = TokenizerSamples.OfPieces(unigram: true, bytes: true);
        AssertRefused(files, "unigrams", "byte_fallback");
        var official = SentencePieceTokenizer.Create(new MemoryStream(files.Contents[0]), false, false);
        int first = TokenizerSamples.Pieces.Length;
        Assert.AreSequenceEqual([3, first + 255 + 0xC3, first + 255 + 0xA9], official.EncodeToIds("é"), "it counts from the last byte");
    }

    [TestMethod]
    public void A_pattern_that_is_none_and_one_that_never_ends_are_named()
    {
        TokenizerFiles none = TokenizerSamples.ByteLevelBpe with { Pieces = "(" };
        Errors.AssertThrows<ArgumentException>(() => none.CreateTokenizer(), "Pieces", "'('", "gpt2");
        var slow = new PatternPreTokenizer(new("^(a+)+$", default, TimeSpan.FromMilliseconds(20)));
        Errors.AssertThrows<InvalidOperationException>(() => slow.PreTokenize(new string('a', 60) + "b"), "'^(a+)+$'", "61 characters");
    }

    [TestMethod]
    public void A_file_longer_than_any_tokenizer_is_not_read()
    {
        byte[] longest = new byte[(64 << 20) + 1];
        Errors.AssertThrows<ArgumentException>(
            () => TokenizerFiles.Read(TokenizerKind.ByteLevelBpe, new MemoryStream(longest), Stream.Null), "vocab.json", "67,108,865", "67,108,864");
        byte[] zip = ModelZip.Save(PretrainedModel.Tokenizer(TokenizerSamples.ByteLevelBpe));
        Errors.AssertThrows<FormatException>(
            () => ModelZip.Load(ModelZip.WithSealed(zip, "vocab.json", _ => longest)), "'vocab.json'", "67,108,865", "67,108,864");
    }

    [TestMethod]
    public void A_model_whose_tokenizer_is_damaged_says_which_entry()
    {
        byte[] zip = ModelZip.Save(PretrainedModel.Tokenizer(TokenizerSamples.ByteLevelBpe));
        Errors.AssertThrows<FormatException>(
            () => ModelZip.Load(ModelZip.With(zip, "merges.txt", bytes => bytes[1..])), "'merges.txt'", "SHA-256");
        Errors.AssertThrows<FormatException>(() => ModelZip.Load(ModelZip.With(zip, "vocab.json", _ => null)), "'vocab.json'", "incomplete");
        Errors.AssertThrows<FormatException>(
            () => ModelZip.Load(ModelZip.WithSealed(zip, "vocab.json", _ => "{}"u8.ToArray())), "'vocab.json'", "make no tokenizer");
        Errors.AssertThrows<FormatException>(() => ModelZip.Load(Settings("\"gpt2\"", "\"(\"")), "'Settings.json'", "Pieces");
        Errors.AssertThrows<FormatException>(() => ModelZip.Load(Settings("ByteLevelBpe", "Unheard")), "'Settings.json'");

        byte[] Settings(string old, string replacement) => ModelZip.WithSealed(
            zip, "Settings.json", json => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace(old, replacement)));
    }

    [TestMethod]
    public void The_unknown_token_must_be_the_trainers_unknown_word()
    {
        IEstimator<ITransformer> tokenizer = _ml.LanguageModeling.TokenizeWith("Tokens", "Text", TokenizerSamples.WordPiece);
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 1;
        Errors.AssertThrows<ArgumentException>(() => Fit(), "'[UNK]'", "'<unk>'", "UnknownWord");
        options.UnknownWord = "[UNK]";
        options.EndOfSentence = "the";
        Errors.AssertThrows<ArgumentException>(() => Fit(), "'the'", "choose another");
        options.EndOfSentence = "[SEP]";
        ITransformer model = Fit();
        Assert.AreSequenceEqual(TokenizerSamples.WordPieces, _ml.LanguageModeling.GetLanguageModel(model).Words, "with marks of its own");
        Assert.AreEqual(1, _ml.Score(model, "the xyz")[0].OutOfVocabularyCount);

        ITransformer Fit() =>
            tokenizer.Append(_ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options)).Fit(_ml.Texts("the cat", "cats"));
    }

    [TestMethod]
    public void Tokens_of_another_tokenizer_than_the_models_are_refused_when_they_are_read()
    {
        ITransformer model = ((IEnumerable<ITransformer>)PretrainedModel.Untrained(TokenizerSamples.SentencePiece)).Last();
        foreach (ITransformer other in new ITransformer[]
            {
                PretrainedModel.Tokenizer(TokenizerSamples.ByteLevelBpe), BytePairModel.Tokenizer("a"),
                PretrainedModel.Tokenizer(TokenizerSamples.OfPieces(unigram: false, bytes: true)),
            })
        {
            Errors.AssertThrows<InvalidOperationException>(
                () => _ml.Score(other.Append(model), "the"), "'Tokens'", "another tokenizer", "SentencePieces");
        }

        ITransformer wordPieces = PretrainedModel.Tokenizer(TokenizerSamples.WordPiece);
        Errors.AssertThrows<InvalidOperationException>(
            () => _ml.Score(wordPieces.Append(TinyModel.UntrainedScorer()), "the"), "(WordPieces)", "(Words)");
    }

    private void AssertRefused(TokenizerFiles files, params string[] parts) => Errors.AssertThrows<InvalidDataException>(
        () => _ml.LanguageModeling.TokenizeWith("Tokens", "Text", files), [.. parts, files.Kind.ToString(), files.FileNames[0], "make no tokenizer"]);
}
