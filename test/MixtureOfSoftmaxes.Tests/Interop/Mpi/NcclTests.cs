using System.Runtime.InteropServices;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interop.Mpi;

/// <summary>What can be tried of NCCL without GPUs.</summary>
[TestClass]
public sealed class NcclTests
{
    [TestMethod]
    public void Without_NCCL_the_error_names_the_package()
    {
        if (NativeLibrary.TryLoad("libnccl.so.2", out _))
        {
            Assert.Inconclusive("This system has NCCL.");
        }

        var error = Assert.ThrowsExactly<DllNotFoundException>(() => new Nccl(0, 2, _ => { }));
        StringAssert.Contains(error.Message, "apt-get install libnccl2");
    }
}
