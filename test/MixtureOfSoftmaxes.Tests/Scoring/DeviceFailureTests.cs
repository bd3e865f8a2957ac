using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring;

/// <summary>A device that is full or fails while a model is used: less at a time is tried, and then the error says what to do.</summary>
[TestClass]
public sealed class DeviceFailureTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly int[] s_text = [.. Enumerable.Range(0, 60).Select(i => 2 + (i % 11))];
    private static readonly string[] s_sentences = ["a b c d e f g h", "c d e", "k j i h", "a a b"];

    /// <summary>Every use of a model, each of which reads text.</summary>
    private static readonly Dictionary<string, Action<LanguageModelTransformer>> s_uses = new()
    {
        ["rows"] = model => model.ScoreRows([s_text], default),
        ["ranks"] = model => model.ScoreRows([s_text], new(Ranks: true, TopCount: 0)),
        ["cursor"] = model => s_ml.LanguageModeling.Evaluate(model.Transform(Tokens())),
        ["stream"] = model => s_ml.LanguageModeling.Evaluate(
            model.WithScoring(model.Scoring with { Context = ScoringContext.Stream }).Transform(Tokens())),
        ["state"] = model => new LanguageModelState(model).Advance(s_text),
        ["generation"] = model => s_ml.LanguageModeling.CreateTextGenerator(model).Generate().First(),
        ["search"] = model => s_ml.LanguageModeling.CreateTextGenerator(model).Search(),
        ["rank"] = model => s_ml.LanguageModeling.AnalyzeRank(model, Tokens(), new() { Contexts = 16 }),
        ["comparison"] = model => s_ml.LanguageModeling.Compare([("one", model)], Tokens()),
    };

    private static IEnumerable<object[]> Uses => s_uses.Keys.Select(use => new object[] { use });

    [TestMethod]
    [DynamicData(nameof(Uses))]
    public void A_GPU_that_has_vanished_is_named_with_what_to_do_by_every_use_of_a_model(string use)
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        FailingDevice.Install(model.Network, FailingDevice.Vanished, _ => false);
        GpuFailureException error = Assert.ThrowsExactly<GpuFailureException>(() => s_uses[use](model));
        Assert.AreEqual(
            "The GPU failed: CUDA error: unspecified launch failure. nvidia-smi shows whether it is still there; this process can no longer use " +
            "it, so start again.", error.Message);
    }

    [TestMethod]
    [DynamicData(nameof(Uses))]
    public void Too_little_memory_for_a_single_word_is_an_error_that_says_so(string use)
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        FailingDevice.Install(model.Network, FailingDevice.Full, _ => false);
        InsufficientMemoryException error = Assert.ThrowsExactly<InsufficientMemoryException>(() => s_uses[use](model));
        Assert.StartsWith("Memory ran out while a model was computing. Free some", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [TestMethod]
    public void Where_memory_runs_out_fewer_words_pass_at_a_time_and_scores_stay_the_same()
    {
        using LanguageModelTransformer whole = TinyModel.UntrainedScorer(), limited = TinyModel.UntrainedScorer();
        List<long> passes = FailingDevice.Install(whole.Network, FailingDevice.Full, _ => true);
        List<long> smallPasses = FailingDevice.Install(limited.Network, FailingDevice.Full, words => words <= 20);
        var detail = new TokenDetail(Ranks: true, TopCount: 2);
        SequenceScores expected = whole.ScoreRows([s_text], detail)[0], actual = limited.ScoreRows([s_text], detail)[0];
        Assert.AreEqual(61, passes.Max(), "a row and its mark");
        Assert.AreSequenceEqual([16, 16, 16, 13], smallPasses.Where((_, i) => i % 2 == 0), "of the first of two layers");
        Assert.AreSequenceEqual(expected.LogLikelihoods, actual.LogLikelihoods);
        Assert.AreSequenceEqual(expected.Ranks, actual.Ranks);
        Assert.AreSequenceEqual(expected.TopWords, actual.TopWords);
    }

    [TestMethod]
    public void A_state_reads_on_in_smaller_passes_too()
    {
        using LanguageModelTransformer whole = TinyModel.UntrainedScorer(), limited = TinyModel.UntrainedScorer();
        FailingDevice.Install(whole.Network, FailingDevice.Full, _ => true);
        List<long> passes = FailingDevice.Install(limited.Network, FailingDevice.Full, words => words <= 20);
        using LanguageModelState expected = new(whole), actual = new(limited);
        expected.Advance(s_text);
        actual.Advance(s_text);
        Assert.IsLessThanOrEqualTo(20, passes.Max());
        Assert.AreSequenceEqual(expected.NextDistribution().ToArray(), actual.NextDistribution().ToArray());
    }

    [TestMethod]
    public void Analyses_that_add_up_read_on_in_smaller_passes_from_the_next_on()
    {
        using LanguageModelTransformer whole = TinyModel.UntrainedScorer(), limited = TinyModel.UntrainedScorer();
        FailingDevice.Install(whole.Network, FailingDevice.Full, _ => true);
        FailingDevice.Install(limited.Network, FailingDevice.Full, words => words <= 20);
        double[] expected = Values(whole), actual = Values(limited);
        Numbers.AssertClose(expected, actual, 1e-12, "singular value");

        static double[] Values(LanguageModelTransformer model) =>
            [.. s_ml.LanguageModeling.AnalyzeRank(model, Tokens(), new() { Contexts = 16 }).SingularValues];
    }

    [TestMethod]
    public void Segments_of_gradient_statistics_keep_their_length_so_memory_that_runs_out_ends_them()
    {
        using LanguageModelNetwork network = Shapes.Network();
        var state = network.InitialState(1);
        var grid = new TokenGrid(s_text, 1, 1, s_text.Length, network.Device);
        int tries = 0;
        Assert.ThrowsExactly<InsufficientMemoryException>(() => network.Read(grid, grid.Length, new(30, isFixed: true), state, (_, _, _) =>
        {
            tries++;
            throw new InvalidOperationException(FailingDevice.Full);
        }));
        Assert.AreEqual(1, tries);
    }

    [TestMethod]
    public void A_chain_of_what_failed_is_one_error_that_says_what_libtorch_said()
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        FailingDevice.Install(model.Network, FailingDevice.Vanished, _ => false);
        GpuFailureException error = Assert.ThrowsExactly<GpuFailureException>(() => s_uses["comparison"](model));
        Assert.AreEqual(FailingDevice.Vanished, Assert.IsExactInstanceOfType<InvalidOperationException>(error.InnerException).Message);
    }

    private static IDataView Tokens() => new HandMadeView(s_sentences.Length).AddTokens(
        "Tokens", TinyModel.Words, row => Keys(s_sentences[row]));

    private static Microsoft.ML.Data.VBuffer<uint> Keys(string sentence)
    {
        uint[] keys = [.. sentence.Split(' ').Select(word => (uint)Array.IndexOf(TinyModel.Words, word) + 1)];
        return new(keys.Length, keys);
    }
}
