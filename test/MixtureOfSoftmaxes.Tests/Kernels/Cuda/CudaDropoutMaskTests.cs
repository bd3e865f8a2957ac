using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cuda;

/// <summary>Masks that a GPU draws are those of the processor bit by bit; the CUDA C is run by the processor.</summary>
[TestClass]
public sealed class CudaDropoutMaskTests
{
    [TestMethod]
    [DataRow(0x0123456789ABCDEFul, 5u, 7u, 0.3, 0, 3, 70)]
    [DataRow(ulong.MaxValue, uint.MaxValue, uint.MaxValue, 0.5, 11, 2, 32, DisplayName = "a whole group, rows from a later one on")]
    [DataRow(1ul, 65536u, 0u, 0.25, 0, 1, 10_000, DisplayName = "a mask of words")]
    [DataRow(1ul << 63, 1u, 3u, 0.999, 0, 5, 1)]
    [DataRow(42ul, 6u << 16, 40u, 0.0, 0, 300, 33, DisplayName = "nothing is dropped")]
    public void They_are_the_same_bits(ulong seed, uint mask, uint pass, double rate, int firstRow, int rows, int length)
    {
        var drawn = new DropoutMask(seed, mask, pass, rate);
        using Tensor expected = drawn.Create(firstRow, rows, length);
        using Tensor actual = CudaDropoutMask.Create(drawn, KernelsOnCpu.Shared, CPU, firstRow, rows, length);
        Assert.AreSequenceEqual(expected.shape, actual.shape);
        Assert.AreSequenceEqual(expected.bytes.ToArray(), actual.bytes.ToArray());
    }

    [TestMethod]
    [DataRow(0, 0x6627e8d5u)]
    [DataRow(1, 0xe169c58du)]
    [DataRow(2, 0xbc57ac4cu)]
    [DataRow(3, 0x9b00dbd8u)]
    public unsafe void Words_are_those_that_the_authors_of_Philox_publish(int word, uint known)
    {
        // Of counter and key zero (Random123, kat_vectors). What is below the limit is dropped, and the word itself is not below itself.
        float[] row = new float[32];
        fixed (float* first = row)
        {
            Launch((nint)first, known);
            Assert.AreEqual(1, row[word * 8]);
            Launch((nint)first, known + 1L);
            Assert.AreEqual(0, row[word * 8]);
        }

        static void Launch(nint mask, long limit) => KernelsOnCpu.Shared.Launch(
            "dropout_mask", 1, 32, mask, 0, 0, 0, limit, BitConverter.SingleToUInt32Bits(1), 0, 1, 32, 8);
    }
}
