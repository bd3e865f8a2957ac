using System.Runtime.Intrinsics;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cpu.Mixtures;

/// <summary>Rows of logits in vectors of every width, also of those that the processor has not.</summary>
[TestClass]
public sealed unsafe class LogitRowTests
{
    private const int Count = 71; // Whole vectors of any width, and some more.

    [TestMethod]
    [DataRow(128, false)]
    [DataRow(256, false)]
    [DataRow(512, false)]
    [DataRow(128, true)]
    [DataRow(256, true)]
    [DataRow(512, true)]
    public void Sums_and_gradients_equal_the_formulas(int bits, bool isSigSoftmax)
    {
        LogitRow row = Row(bits, isSigSoftmax);
        var random = new Random(3);
        float[] x = Singles(random, 4), bias = Singles(random, 1), z = new float[Count], sums = new float[Count];
        float max;
        ExpSum sum;
        fixed (float* px = x, pb = bias, pz = z, ps = sums)
        {
            max = row.AddBias(px, pb, pz, Count);
            sum = row.SumExp(pz, max, Count);
            row.Differentiate(pz, row.Activate(max), 0.3f, ps, Count);
            row.AddBias(px, pb, pz, Count);
            row.Differentiate(pz, row.Activate(max), 0.3f, ps, Count);
        }

        double[] exact = [.. x.Zip(bias, (a, b) => (double)(a + b))];
        Assert.AreEqual((float)exact.Max(), max);
        double offset = Activate(exact.Max());
        Assert.AreEqual(offset, sum.Offset, 1e-6 * Math.Abs(offset));
        Assert.AreEqual(exact.Sum(v => Math.Exp(Activate(v) - offset)), sum.Sum, 1e-5 * sum.Sum);
        double[] gradient = [.. exact.Select(v => 0.3 * Math.Exp(Activate(v) - offset) * (isSigSoftmax ? 1 + (1 / (1 + Math.Exp(v))) : 1))];
        Numbers.AssertClose(gradient, [.. z.Select(v => (double)v)], 1e-6, "gradient");
        Numbers.AssertClose([.. gradient.Select(g => 2 * g)], [.. sums.Select(v => (double)v)], 1e-6, "sum of two gradients");

        double Activate(double v) => isSigSoftmax ? v - Math.Log(1 + Math.Exp(-v)) : v;
    }

    [TestMethod]
    [DataRow(128)]
    [DataRow(256)]
    [DataRow(512)]
    public void Bfloat16_is_read_exactly_and_rounded_as_libtorch_rounds_it(int bits)
    {
        using DisposeScope scope = NewDisposeScope();
        LogitRow row = Row(bits, isSigSoftmax: false);
        float[] x = Singles(new Random(4), 100);
        uint[] special = [0x3f808000, 0x3f818000, 0x3f808001, 0x7f7fffff, 0x7f800000, 0xff800000, 0x00000001, 0x80000000];
        special.Select(BitConverter.UInt32BitsToSingle).ToArray().CopyTo(x, 0);
        ushort[] rounded = new ushort[Count];
        float[] read = new float[Count], sums = new float[Count];
        fixed (float* px = x, pr = read, ps = sums)
        fixed (ushort* p = rounded)
        {
            row.Round(px, p, Count);
            row.AddBias(p, ps, pr, Count);
            row.Add(p, ps, Count);
        }

        Tensor expected = tensor(x).to(ScalarType.BFloat16).to(ScalarType.Float32);
        Assert.AreSequenceEqual(expected.data<float>().ToArray(), read);
        Assert.AreSequenceEqual(read, sums);
    }

    [TestMethod]
    [DataRow(128)]
    [DataRow(256)]
    [DataRow(512)]
    public void What_is_not_a_number_stays_so_when_rounded(int bits)
    {
        float[] x = [.. Enumerable.Range(0, Count).Select(i => BitConverter.UInt32BitsToSingle(i % 2 == 0 ? 0x7fffffff : 0xffc00000))];
        ushort[] rounded = new ushort[Count];
        fixed (float* px = x)
        fixed (ushort* p = rounded)
        {
            Row(bits, isSigSoftmax: false).Round(px, p, Count);
        }

        Assert.IsTrue(rounded.All(half => float.IsNaN(BitConverter.UInt32BitsToSingle((uint)half << 16))));
    }

    private static LogitRow Row(int bits, bool isSigSoftmax) => bits switch
    {
        512 => LogitRow.Create<Simd512, Vector512<float>>(isSigSoftmax),
        256 => LogitRow.Create<Simd256, Vector256<float>>(isSigSoftmax),
        _ => LogitRow.Create<Simd128, Vector128<float>>(isSigSoftmax),
    };

    private static float[] Singles(Random random, double scale) => [.. Numbers.Gaussian(random, Count, scale).Select(x => (float)x)];
}
