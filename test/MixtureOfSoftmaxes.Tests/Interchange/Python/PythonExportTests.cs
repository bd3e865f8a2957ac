using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interchange;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interchange.Python;

[TestClass]
public sealed class PythonExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Words_are_a_WordLevel_model_behind_white_space()
    {
        Written written = Export(TinyModel.Untrained());
        Assert.AreEqual("<eos>", written.Json("tokenizer_config.json").GetProperty("eos_token").GetString());
        JsonElement tokenizer = written.Json("tokenizer.json");
        Assert.AreEqual("WhitespaceSplit", tokenizer.GetProperty("pre_tokenizer").GetProperty("type").GetString());
        JsonElement model = tokenizer.GetProperty("model");
        Assert.AreEqual("WordLevel", model.GetProperty("type").GetString());
        Assert.AreEqual("<unk>", model.GetProperty("unk_token").GetString());
        Assert.AreSequenceEqual(
            TinyModel.Words.Index().Select(word => (word.Item, word.Index)),
            model.GetProperty("vocab").EnumerateObject().Select(word => (word.Name, word.Value.GetInt32())));
    }

    [TestMethod]
    public void Byte_pairs_are_a_byte_level_BPE_model_of_their_merges()
    {
        BytePairTokenizingTransformer tokenizer = BytePairModel.Tokenizer("the cat sat on the mat", "the mat");
        JsonElement json = Export(BytePairModel.Untrained(tokenizer)).Json("tokenizer.json");
        JsonElement model = json.GetProperty("model");
        Assert.AreEqual("BPE", model.GetProperty("type").GetString());
        Assert.AreSequenceEqual(
            [.. tokenizer.Tokens, "<unk>", "<eos>"], model.GetProperty("vocab").EnumerateObject().Select(token => token.Name));
        string[] made = [.. model.GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!.Replace(" ", ""))];
        Assert.AreSequenceEqual(tokenizer.Tokens.Skip(256), made);
        Assert.AreEqual("ByteLevel", json.GetProperty("decoder").GetProperty("type").GetString());
    }

    [TestMethod]
    public void The_pattern_of_pieces_cuts_as_the_tokenizer_does()
    {
        var pattern = new Regex(TokenizerJson.PiecePattern);
        string[] texts = [new string(' ', 130) + "x", new string('\t', 63) + " x", new('a', 130), " " + new string('1', 130), "a \u0085b"];
        Array.ForEach(texts, Check);

        // .NET's patterns see halves of surrogate pairs, those of tokenizers whole characters.
        AnyText.Holds(text => Check(string.Concat(text.Where(character => !char.IsSurrogate(character)))));

        void Check(string text)
        {
            var pieces = new List<string>();
            foreach (ReadOnlySpan<char> piece in new PieceSplitter(text))
            {
                pieces.Add(piece.ToString());
            }

            Assert.AreSequenceEqual(pieces, pattern.Matches(text).Select(match => match.Value));
        }
    }

    [TestMethod]
    public void The_card_says_what_is_known_and_calls_the_rest_not_recorded()
    {
        string plain = Export(ExportSamples.Models["MixtureOfSoftmaxes"]).Text("README.md");
        string[] known = ["mixture-of-softmaxes, 3 experts", "| LSTM layers | 5, 6 |", "| data | not recorded |", "| how | not recorded |"];
        foreach (string part in known)
        {
            Assert.Contains(part, plain, StringComparison.Ordinal);
        }

        LanguageModelMetrics metrics = new(CrossEntropy: Math.Log(50), TokenCount: 1_234, OutOfVocabularyCount: 5, RowCount: 67)
        {
            PerplexityInterval = new(45, 55),
        };
        string full = Export(TinyModel.Trained, new()
        {
            Title = "Tiny",
            License = "mit: \"mine\"",
            TrainingData = "a | b",
            Evaluation = "its test text",
            Metrics = metrics,
        }).Text("README.md");
        string[] parts =
        [
            "# Tiny\n", "license: \"mit: \\u0022mine\\u0022\"", "| data | a \\| b |", "| how | its test text |",
            "| perplexity per token | 50.00 (95 % interval 45.00 to 55.00) |", "| tokens | 1,234, 5 of them unknown words |",
            $"| passes over the data | {TinyModel.LearningOptions().MaximumEpochs}, ",
        ];
        foreach (string part in parts)
        {
            Assert.Contains(part, full, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void An_earlier_export_is_replaced_and_nothing_is_left_beside_it()
    {
        Export(TinyModel.Untrained());
        JsonElement config = Export(ExportSamples.Models["Mixtape"]).Json("config.json");
        Assert.AreEqual("mixtape", config.GetProperty("head").GetString());
        Assert.AreSequenceEqual(["model"], Directory.EnumerateFileSystemEntries(_folder.PathOf(".")).Select(entry => Path.GetFileName(entry)));
    }

    [TestMethod]
    public void A_folder_of_anything_else_is_not_replaced()
    {
        string folder = _folder.PathOf("model");
        Export(TinyModel.Untrained());
        Directory.CreateDirectory(Path.Combine(folder, ".git"));
        Errors.AssertThrows<IOException>(() => Export(TinyModel.Untrained()), $"'{folder}'", "'.git'", "name a folder that is not there");
        Directory.Delete(Path.Combine(folder, ".git"));
        foreach (string other in new[] { "{}", "[1]", "not json", "{\"model_type\": \"llama\"}" })
        {
            File.WriteAllText(Path.Combine(folder, "config.json"), other);
            Errors.AssertThrows<IOException>(() => Export(TinyModel.Untrained()), "no earlier export", "config.json");
            Assert.AreEqual(other, File.ReadAllText(Path.Combine(folder, "config.json")));
        }

        string file = _folder.PathOf("file");
        File.WriteAllText(file, "");
        Errors.AssertThrows<IOException>(() => _ml.LanguageModeling.ExportToPython(TinyModel.Untrained(), file), "is a file");
    }

    [TestMethod]
    public void An_earlier_export_stays_whole_when_the_new_one_fails()
    {
        string folder = Export(TinyModel.Untrained()).Folder;
        byte[] before = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));
        LanguageModelTransformer disposed = TinyModel.UntrainedScorer();
        var chain = new TransformerChain<ITransformer>(new VocabularyTokenizingTransformer("Tokens", "Text", TinyModel.Vocabulary()), disposed);
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ml.LanguageModeling.ExportToPython(chain, folder));
        Assert.AreSequenceEqual(before, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.AreSequenceEqual(["model"], Directory.EnumerateFileSystemEntries(_folder.PathOf(".")).Select(entry => Path.GetFileName(entry)));
    }

    [TestMethod]
    public void What_a_killed_process_left_goes_and_what_another_writes_stays()
    {
        string killed = _folder.PathOf($"model.{Programs.IdOfAnEndedProcess}.{Guid.NewGuid():N}.tmp");
        string other = _folder.PathOf($"model.{Programs.IdOfAnotherProcess}.{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(killed);
        Directory.CreateDirectory(other);
        Export(TinyModel.Untrained());
        Assert.IsTrue(Directory.Exists(killed), "Nothing stood at the folder's place, so this may be the only copy.");
        Export(TinyModel.Untrained());
        Assert.IsFalse(Directory.Exists(killed));
        Assert.IsTrue(Directory.Exists(other));
    }

    [TestMethod]
    public void A_link_stays_one()
    {
        Directory.CreateDirectory(_folder.PathOf("there"));
        Directory.CreateSymbolicLink(_folder.PathOf("model"), _folder.PathOf("there"));
        Export(TinyModel.Untrained());
        Assert.IsNotNull(new DirectoryInfo(_folder.PathOf("model")).LinkTarget);
        Assert.IsTrue(File.Exists(Path.Combine(_folder.PathOf("there"), "config.json")));
    }

    [TestMethod]
    public void A_model_without_its_tokenizer_is_refused() => Errors.AssertThrows<ArgumentException>(
        () => Export(TinyModel.UntrainedScorer()), "no tokenizer of words or byte pairs", "'Tokens'", "pass the chain");

    [TestMethod]
    public void A_model_that_adapts_is_refused() => Errors.AssertThrows<ArgumentException>(
        () => Export(TinyModel.Adapted), "dynamic evaluation", "before AdaptDynamically");

    public void Dispose() => _folder.Dispose();

    private Written Export(ITransformer model, PythonExportOptions? options = null)
    {
        string folder = _folder.PathOf("model");
        _ml.LanguageModeling.ExportToPython(model, folder, options);
        return new(folder);
    }

    private sealed record Written(string Folder)
    {
        public string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

        public JsonElement Json(string name) => JsonDocument.Parse(Text(name)).RootElement;
    }
}
