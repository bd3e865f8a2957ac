using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

[TestClass]
public sealed class LogitMemoryTests
{
    [TestMethod]
    [DataRow(10, 1000, 100, DisplayName = "all of them fit")]
    [DataRow(10, 55, 5)]
    [DataRow(10, 1, 1, DisplayName = "one always does")]
    public void A_limit_bounds_the_chunk(long bytesPerToken, long maximum, long expected) =>
        Assert.AreEqual(expected, new LogitMemory(maximum).Pass(CPU, tokens: 100, bytesPerToken).Size);

    [TestMethod]
    public void A_quarter_of_what_is_free_on_a_GPU_or_a_gibibyte()
    {
        Assert.AreEqual(50, LogitMemory.OfFree(200));
        Assert.AreEqual(1L << 30, LogitMemory.OfFree(80L << 30));
        Assert.AreEqual(1L << 30, LogitMemory.OfFree(null), "where the driver cannot be asked");
    }

    [TestMethod]
    public void What_did_not_fit_once_is_not_tried_by_every_step_until_tokens_take_other_memory()
    {
        var memory = new LogitMemory(1000);
        ChunkedPass first = memory.Pass(CPU, tokens: 100, bytesPerToken: 10);
        first.Run(100, (_, count) => Fail(count > 30), () => { });
        memory.Remember(first);
        Assert.AreEqual(25, memory.Pass(CPU, tokens: 100, bytesPerToken: 10).Size);
        Assert.AreEqual(100, memory.Pass(CPU, tokens: 100, bytesPerToken: 1).Size);

        static void Fail(bool isTooMuch)
        {
            if (isTooMuch)
            {
                throw new InvalidOperationException("CUDA out of memory.");
            }
        }
    }
}
