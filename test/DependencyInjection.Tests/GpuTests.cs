using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests;

/// <summary>A scorer on a GPU; skipped without one.</summary>
[TestClass]
[TestCategory("Gpu")]
public sealed class GpuTests
{
    [TestMethod]
    public async Task Scores_and_completions_are_those_on_the_CPU()
    {
        if (!cuda.is_available())
        {
            Assert.Inconclusive("There is no GPU that libtorch can use (build/test-gpu.sh says how to try one).");
        }

        using var model = new ModelFile();
        await using ServiceProvider cpu = Scorers.Provide(model.Path), gpu = Scorers.Provide(model.Path, options => options.GpuDeviceId = 0);
        foreach (string text in Scorers.Texts)
        {
            TextScore expected = await cpu.Scorer().ScoreAsync(text), actual = await gpu.Scorer().ScoreAsync(text);
            Assert.AreEqual(expected.LogLikelihood, actual.LogLikelihood, 2e-2 * Math.Abs(expected.LogLikelihood));
        }
    }
}
