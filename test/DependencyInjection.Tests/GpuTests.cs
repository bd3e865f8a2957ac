using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests;

/// <summary>A scorer on a GPU; skipped without one.</summary>
[TestClass]
[TestCategory("Gpu")]
public sealed class GpuTests
{
    [TestInitialize]
    public void Require()
    {
        if (!cuda.is_available())
        {
            Assert.Inconclusive("There is no GPU that libtorch can use (build/test-gpu.sh says how to try one).");
        }
    }

    [TestMethod]
    public async Task Two_score_as_one()
    {
        if (cuda.device_count() < 2)
        {
            Assert.Inconclusive("There is one GPU alone.");
        }

        using var model = new ModelFile();
        await using ServiceProvider one = Scorers.Provide(model.Path, options => options.GpuDeviceId = 0);
        await using ServiceProvider two = Scorers.Provide(model.Path, options => (options.GpuDeviceIds, options.BatchSize) = ([0, 1], 1));
        TextScore[] expected = [.. await one.Scorer().ScoreAsync(Scorers.Texts)];
        for (int round = 0; round < 20; round++)
        {
            TextScore[] actual = await Task.WhenAll(Scorers.Texts.Select(text => two.Scorer().ScoreAsync(text).AsTask()));
            Array.ForEach(expected.Zip(actual).ToArray(), AssertNear);
        }
    }

    [TestMethod]
    public async Task Scores_and_completions_are_those_on_the_CPU()
    {
        using var model = new ModelFile();
        await using ServiceProvider cpu = Scorers.Provide(model.Path), gpu = Scorers.Provide(model.Path, options => options.GpuDeviceId = 0);
        foreach (string text in Scorers.Texts)
        {
            AssertNear((await cpu.Scorer().ScoreAsync(text), await gpu.Scorer().ScoreAsync(text)));
        }
    }

    // TensorFloat32 rounds.
    private static void AssertNear((TextScore Expected, TextScore Actual) scores) => Assert.AreEqual(
        scores.Expected.LogLikelihood, scores.Actual.LogLikelihood, 2e-2 * Math.Abs(scores.Expected.LogLikelihood));
}
