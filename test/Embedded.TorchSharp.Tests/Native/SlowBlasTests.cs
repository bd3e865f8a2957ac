using TorchSharp.Native;

namespace Embedded.TorchSharp.Tests.Native;

[TestClass]
public class SlowBlasTests
{
    [TestMethod]
    [DataRow("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", true)]
    [DataRow("/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so", false)]
    [DataRow("/opt/libtorch/lib/libtorch_cpu.so", false)]
    [DataRow("", false)]
    public void The_reference_BLAS_is_told_by_its_directory(string path, bool slow) =>
        Assert.AreEqual(slow, SlowBlas.IsSlow(path));

    [TestMethod]
    public void Matrix_products_do_not_run_on_the_reference_BLAS() =>
        Assert.IsFalse(SlowBlas.IsSlow(LibTorch.Blas), LibTorch.Blas);
}
