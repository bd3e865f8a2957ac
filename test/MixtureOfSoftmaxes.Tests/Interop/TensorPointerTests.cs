using System.Runtime.CompilerServices;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interop;

[TestClass]
public sealed class TensorPointerTests
{
    [TestMethod]
    public unsafe void It_points_to_the_first_element_of_a_view()
    {
        using Tensor whole = arange(12, dtype: ScalarType.Float32).view(3, 4);
        using Tensor view = whole.narrow(0, 1, 2).narrow(1, 2, 2);
        Assert.AreEqual(6f, *(float*)TensorPointer.Of(view));
        Assert.AreEqual((nint)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(whole.bytes)), TensorPointer.Of(whole));
        Assert.AreEqual(0, TensorPointer.Of(null));
    }
}
