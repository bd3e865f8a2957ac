using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Gpu;

/// <summary>One model, on the CPU and on a GPU: files, scores, texts and analyses are the same.</summary>
[TestClass]
[TestCategory(FirstGpu.Category)]
public sealed class ModelOnGpuTests
{
    private static readonly MLContext s_cpu = new(seed: 1);

    private MLContext _gpu = null!;
    private ITransformer _onGpu = null!;

    [TestInitialize]
    public void Load()
    {
        FirstGpu.Require();
        _gpu = FirstGpu.Context();
        _onGpu = _gpu.LanguageModeling.ChangeScoring(
            _gpu.Model.Load(new MemoryStream(ModelZip.Save(TinyModel.Trained)), out _), scoring => scoring with { Precision = Precision.Float32 });
    }

    [TestMethod]
    public void A_model_goes_to_the_GPU_and_back_without_losing_a_bit()
    {
        Assert.AreSequenceEqual(
            ModelZip.Entry(ModelZip.Save(TinyModel.Trained), "Weights.safetensors"), ModelZip.Entry(ModelZip.Save(_onGpu), "Weights.safetensors"));
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.MaximumEpochs = 1;
        ITransformer trained = TinyModel.Train(_gpu, options);
        ITransformer loaded = ModelZip.Load(ModelZip.Save(trained));
        AssertSameScores(
            s_cpu.LanguageModeling.Score(trained, TinyModel.ValidationSentences[..20]),
            s_cpu.LanguageModeling.Score(loaded, TinyModel.ValidationSentences[..20]), 2e-2);
    }

    [TestMethod]
    public void Scores_are_those_on_the_CPU() => AssertSameScores(
        s_cpu.LanguageModeling.Score(TinyModel.Trained, TinyModel.ValidationSentences),
        _gpu.LanguageModeling.Score(_onGpu, TinyModel.ValidationSentences), 1e-4);

    [TestMethod]
    public void In_the_precision_that_a_GPU_takes_by_itself_they_are_near()
    {
        ITransformer model = _gpu.LanguageModeling.ChangeScoring(_onGpu, scoring => scoring with { Precision = null });
        AssertSameScores(
            s_cpu.LanguageModeling.Score(TinyModel.Trained, TinyModel.ValidationSentences),
            _gpu.LanguageModeling.Score(model, TinyModel.ValidationSentences), 2e-2);
    }

    [TestMethod]
    public void The_likeliest_text_is_the_same()
    {
        Assert.AreEqual(Greedy(s_cpu, TinyModel.Trained), Greedy(_gpu, _onGpu));

        static string Greedy(MLContext ml, ITransformer model) => string.Join(
            ' ', ml.LanguageModeling.CreateTextGenerator(model, temperature: 0).Generate("w1").Take(12).Select(token => token.Word));
    }

    [TestMethod]
    public void The_rank_is_the_same()
    {
        Assert.AreEqual(RankOf(s_cpu, TinyModel.Trained), RankOf(_gpu, _onGpu));

        static int RankOf(MLContext ml, ITransformer model) =>
            ml.LanguageModeling.AnalyzeRank(model, ml.Texts(TinyModel.ValidationSentences), new() { Contexts = 64 }).Rank;
    }

    [TestMethod]
    public void Callers_that_need_other_precisions_take_turns_and_get_their_own()
    {
        ITransformer fast = _gpu.LanguageModeling.ChangeScoring(_onGpu, scoring => scoring with { Precision = null });
        IReadOnlyList<TextScore> exact = _gpu.LanguageModeling.Score(_onGpu, TinyModel.ValidationSentences);
        IReadOnlyList<TextScore> rounded = _gpu.LanguageModeling.Score(fast, TinyModel.ValidationSentences);
        Parallel.For(0, 8, i => AssertSameScores(
            i % 2 == 0 ? exact : rounded, _gpu.LanguageModeling.Score(i % 2 == 0 ? _onGpu : fast, TinyModel.ValidationSentences), 1e-5));
    }

    private static void AssertSameScores(IReadOnlyList<TextScore> expected, IReadOnlyList<TextScore> actual, double tolerance)
    {
        Assert.HasCount(expected.Count, actual);
        foreach ((TextScore wanted, TextScore found) in expected.Zip(actual))
        {
            Assert.AreEqual(wanted.LogLikelihood, found.LogLikelihood, tolerance * Math.Abs(wanted.LogLikelihood));
        }
    }
}
