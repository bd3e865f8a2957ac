using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Gpu;

/// <summary>What kernels for GPUs do beside the likelihoods, on one.</summary>
[TestClass]
[TestCategory(FirstGpu.Category)]
public sealed class KernelsOnGpuTests
{
    [TestInitialize]
    public void Require() => FirstGpu.Require();

    [TestMethod]
    [DataRow(1, 10_000)]
    [DataRow(3840, 960, DisplayName = "recurrent weights")]
    [DataRow(12, 33)]
    public void Masks_are_the_bits_of_those_on_the_CPU(int rows, int length)
    {
        var mask = new DropoutMask(Seed: 0x0123456789ABCDEF, Mask: 6 << 16, Pass: 40, Rate: 0.29);
        using Tensor expected = mask.Create(firstRow: 5, rows, length);
        using Tensor drawn = CudaDropoutMask.Create(mask, CudaModule.Of(0)!, FirstGpu.Device, firstRow: 5, rows, length), actual = drawn.cpu();
        Assert.AreSequenceEqual(expected.bytes.ToArray(), actual.bytes.ToArray());
    }

    [TestMethod]
    public void They_load_from_the_disk_once_they_are_compiled()
    {
        using var folder = new TemporaryFolder();
        var cache = new KernelCache(folder.PathOf("kernels"));
        Assert.Contains("compiled for sm_", Load());
        Assert.Contains("read from ", Load());

        string Load()
        {
            CudaDriver driver = CudaDriver.Instance!;
            (nint module, string origin) = cache.Load(
                CudaCompiler.Find()!, CudaModule.Source(), driver.Architecture(0), binary => driver.LoadModule(0, binary));
            Assert.AreNotEqual(0, driver.Function(0, module, "dropout_mask"));
            return origin;
        }
    }
}
