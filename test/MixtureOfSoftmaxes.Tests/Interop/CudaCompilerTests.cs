using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interop;

[TestClass]
public sealed class CudaCompilerTests
{
    [TestMethod]
    public void It_is_looked_for_on_the_library_path_and_beside_the_libraries_of_CUDA()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("The names of files are those of Linux.");
        }

        using var folder = new TemporaryFolder();
        string[] files =
            ["libcudart-9335f6a2.so.12", "libnvrtc-b51b459d.so.12", "libnvrtc-builtins.so.12.8", "libnvrtc.alt.so.12", "libcaffe2_nvrtc.so"];
        foreach (string file in files)
        {
            File.WriteAllText(folder.PathOf(file), "");
        }

        string[] candidates = [.. CudaCompiler.Candidates([folder.PathOf("libcudart-9335f6a2.so.12"), "/elsewhere/libc.so.6"])];
        Assert.AreSequenceEqual(["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so", folder.PathOf("libnvrtc-b51b459d.so.12")], candidates);
    }

    [TestMethod]
    public void Without_a_GPU_there_are_no_kernels_and_a_reason()
    {
        if (cuda.is_available())
        {
            Assert.Inconclusive("There is a GPU.");
        }

        Assert.IsNull(CudaModule.Of(0));
        Assert.IsNotEmpty(CudaModule.How(0));
    }
}
