using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>
/// Damaged models of each kind are refused, or score to the bit what the whole one does; none takes much memory or time. A run of hours:
/// MOS_LONG_TESTS=1 tries twenty times as many.
/// </summary>
[TestClass]
public sealed class ModelMutantTests : IDisposable
{
    private static readonly string s_saved = Path.Combine(AppContext.BaseDirectory, "Persistence", "SavedBefore");
    private static readonly string[] s_texts = File.ReadAllLines(Path.Combine(s_saved, "rows.txt"));

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, int> _causes = [];

    /// <summary>Each head, what later formats added, byte pairs, gradient statistics, each kind of tokenizer files.</summary>
    public static IEnumerable<object[]> Models =>
        ((string[])[
            "softmax", "moc", "mos", "moss", "mixtape", "pairs", "adapted", .. Enum.GetNames<TokenizerKind>(), "1.3/greedy", "1.4/plif",
            "1.4/narrow", "1.4/skipping",
        ])
            .Select((name, seed) => new object[] { name, seed });

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_damaged_model_is_refused_or_scores_as_the_whole_one(string name, int seed)
    {
        byte[] whole = Whole(name);
        uint[] expected = Score(new MLContext().Model.Load(new MemoryStream(whole), out _));
        var mutants = new Mutants(seed);
        int scored = 0;
        Within(megabytes: 500, () =>
        {
            for (int i = 0; i < Mutants.Count(60); i++)
            {
                byte[] mutant = mutants.Zip(whole);
                uint[]? actual = TryScore(mutant, plainly: i % 2 == 0);
                Assert.IsTrue(actual is null || actual.SequenceEqual(expected), $"mutant {i} of '{name}' scores {string.Join(' ', actual ?? [])}");
                scored += actual is null ? 0 : 1;
            }
        });
        TestContext.WriteLine($"{scored} scored as the whole one. {string.Join(", ", _causes.Select(cause => $"{cause.Key}: {cause.Value}"))}");
    }

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_file_that_lies_about_its_numbers_with_checksums_that_are_right_takes_no_more(string name, int seed)
    {
        byte[] whole = Whole(name);
        var mutants = new Mutants(seed);
        Within(megabytes: 500, () =>
        {
            for (int i = 0; i < Mutants.Count(20); i++)
            {
                TryScore(ModelZip.WithSealed(whole, Mutants.WithNumbers, mutants.Number), plainly: i % 2 == 0);
            }
        });
        TestContext.WriteLine(string.Join(", ", _causes.Select(cause => $"{cause.Key}: {cause.Value}")));
    }

    [TestMethod]
    [DataRow(TokenizerKind.ByteLevelBpe)]
    [DataRow(TokenizerKind.Tiktoken)]
    [DataRow(TokenizerKind.SentencePiece)]
    [DataRow(TokenizerKind.WordPiece)]
    public void Damaged_files_of_a_tokenizer_with_checksums_that_are_right_are_explained_or_another_tokenizer(TokenizerKind kind)
    {
        byte[] whole = Whole(kind.ToString());
        var mutants = new Mutants((int)kind);
        int used = 0;
        Within(megabytes: 500, () =>
        {
            foreach (string file in TokenizerFiles.NamesOf(kind))
            {
                for (int i = 0; i < Mutants.Count(60); i++)
                {
                    bool isNumber = file.EndsWith(".json", StringComparison.Ordinal) && i % 2 == 0;
                    try
                    {
                        byte[] mutant = ModelZip.WithSealed(whole, "Transform_000/" + file, isNumber ? mutants.Number : mutants.Bytes);
                        used += TryScore(mutant, plainly: false) is null ? 0 : 1;
                    }
                    catch (InvalidOperationException e)
                    {
                        Assert.Contains("another tokenizer", e.Message);
                    }
                }
            }
        });
        TestContext.WriteLine($"{used} used. {string.Join(", ", _causes.Select(cause => $"{cause.Key}: {cause.Value}"))}");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A model of an earlier version, saved anew; those of tokenizer files are new.</summary>
    private static byte[] Whole(string name) => ModelZip.Save(Enum.TryParse(name, out TokenizerKind kind)
        ? PretrainedModel.Untrained(TokenizerSamples.All.First(files => files.Kind == kind))
        : new MLContext().Model.Load(Path.Combine(s_saved, name + ".zip"), out _));

    private static void Within(int megabytes, Action action)
    {
        using var process = Process.GetCurrentProcess();
        long before = process.PeakWorkingSet64;
        action();
        process.Refresh();
        Assert.IsLessThan((long)megabytes << 20, process.PeakWorkingSet64 - before);
    }

    /// <summary>Null where the file is refused, when it is loaded or, as where half a chain is left, when it is to score.</summary>
    private uint[]? TryScore(byte[] zip, bool plainly)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            ITransformer? model = plainly ? new MLContext().Model.Load(new MemoryStream(zip), out _) : TryLoad(zip);
            return model is null ? null : Score(model);
        }
        catch (Exception e) when (plainly || e is not InvalidOperationException)
        {
            string cause = ModelLoader.CauseOf(e).GetType().Name;
            _causes[cause] = _causes.GetValueOrDefault(cause) + 1;
            return null;
        }
        finally
        {
            Assert.IsLessThan(10, clock.Elapsed.TotalSeconds);
        }
    }

    /// <summary>Loads as people do, who are told what is wrong with the file.</summary>
    private ITransformer? TryLoad(byte[] zip)
    {
        string path = _folder.PathOf("model.zip");
        File.WriteAllBytes(path, zip);
        try
        {
            return new MLContext().LanguageModeling.Load(path, out _);
        }
        catch (InvalidDataException e)
        {
            new BadModel("mutant", zip, "Cannot load ", "").AssertExplained(path, e.Message);
            _causes["explained"] = _causes.GetValueOrDefault("explained") + 1;
            return null;
        }
    }

    private static uint[] Score(ITransformer model)
    {
        ScoredRow[] rows = new MLContext().Score(model, s_texts);
        (model as IDisposable)?.Dispose();
        return
        [
            .. rows.SelectMany(row => (uint[])
            [
                BitConverter.SingleToUInt32Bits(row.LogLikelihood), (uint)row.TokenCount, (uint)row.OutOfVocabularyCount,
                BitConverter.SingleToUInt32Bits(row.Perplexity), BitConverter.SingleToUInt32Bits(row.BitsPerCharacter),
            ]),
        ];
    }
}
