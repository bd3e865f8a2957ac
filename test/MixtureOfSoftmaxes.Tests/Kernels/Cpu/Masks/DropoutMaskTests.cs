using System.Runtime.Intrinsics;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cpu.Masks;

[TestClass]
public sealed class DropoutMaskTests
{
    private static readonly DropoutMask s_mask = new(Seed: 0x0123456789ABCDEF, Mask: 5, Pass: 7, Rate: 0.3);

    private readonly int _threads = get_num_threads();

    [TestCleanup]
    public void Restore() => set_num_threads(_threads);

    /// <summary>The known answers that its authors publish (Random123, kat_vectors).</summary>
    [TestMethod]
    [DataRow(0u, 0u, 0u, 0u, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [DataRow(~0u, ~0u, ~0u, ~0u, ~0ul, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [DataRow(
        0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0_a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_known_answers(
        uint c0, uint c1, uint c2, uint c3, ulong key, uint x0, uint x1, uint x2, uint x3)
    {
        var philox = new Philox(
            Vector512.Create((ulong)c0), Vector512.Create((ulong)c1), Vector512.Create((ulong)c2), Vector512.Create((ulong)c3));
        philox.Draw(key);
        Assert.AreEqual(
            (Vector512.Create((ulong)x0), Vector512.Create((ulong)x1), Vector512.Create((ulong)x2), Vector512.Create((ulong)x3)),
            (philox.X0, philox.X1, philox.X2, philox.X3));
        Assert.AreEqual((x0, x1, x2, x3), Plain((c0, c1, c2, c3), key), "this test's own");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(31)]
    [DataRow(32)]
    [DataRow(1000)]
    public void A_number_is_a_function_of_seed_mask_pass_row_and_place(int length)
    {
        const int FirstRow = 1000, Rows = 3;
        using DisposeScope scope = NewDisposeScope();
        double[] mask = Tensors.Values(s_mask.Create(FirstRow, Rows, length));
        for (int i = 0; i < mask.Length; i++)
        {
            (int row, int place) = (FirstRow + (i / length), i % length);
            (int group, int word, int lane) = (place / 32, place % 32 / 8, place % 8);
            (uint w0, uint w1, uint w2, uint w3) = Plain(((uint)((group * 8) + lane), (uint)row, 5, 7), 0x0123456789ABCDEF);
            uint drawn = new[] { w0, w1, w2, w3 }[word];
            Assert.AreEqual(drawn / Math.Pow(2, 32) < 0.3 ? 0 : 1 / 0.7f, mask[i], $"row {row}, place {place}");
        }
    }

    [TestMethod]
    public void Rows_do_not_depend_on_the_rows_beside_them_or_the_threads()
    {
        const int Rows = 300, Length = 700;
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(1);
        uint[] alone = Tensors.Bits(s_mask.Create(0, Rows, Length));
        set_num_threads(3);
        Assert.AreSequenceEqual(alone, Tensors.Bits(s_mask.Create(0, Rows, Length)));
        Assert.AreSequenceEqual(alone[(100 * Length)..(120 * Length)], Tensors.Bits(s_mask.Create(100, 20, Length)));
    }

    [TestMethod]
    public void Multiplying_is_multiplying_by_the_mask()
    {
        const int Rows = 5, Length = 70;
        using DisposeScope scope = NewDisposeScope();
        double[] values = Numbers.Gaussian(new Random(1), Rows * Length);
        Tensor x = Tensors.Singles(values, Rows, Length), result = empty_like(x);
        s_mask.Multiply(x, result);
        double[] expected = Tensors.Values(x * s_mask.Create(0, Rows, Length));
        Assert.AreSequenceEqual(expected, Tensors.Values(result));
        s_mask.Multiply(x, x);
        Assert.AreSequenceEqual(expected, Tensors.Values(x));
    }

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.75)]
    public void A_mask_zeroes_at_its_rate_and_keeps_the_expectation(double rate)
    {
        const int Count = 100_000;
        using DisposeScope scope = NewDisposeScope();
        double[] mask = Tensors.Values((s_mask with { Rate = rate }).Create(0, Count / 10, 10));
        double kept = (float)(1 / (1 - rate));
        Assert.IsTrue(mask.All(m => m == 0 || m == kept));
        double deviation = Math.Sqrt(rate * (1 - rate) / Count);
        Assert.AreEqual(rate, mask.Count(m => m == 0) / (double)Count, 5 * deviation);
    }

    [TestMethod]
    public void Elements_of_a_mask_and_of_two_masks_are_independent()
    {
        const int Count = 200_003;
        using DisposeScope scope = NewDisposeScope();
        DropoutMask half = s_mask with { Rate = 0.5 };
        double[] one = Tensors.Values(half.Create(0, 1, Count));
        foreach (DropoutMask another in new[] { half with { Seed = 1 }, half with { Mask = 6 }, half with { Pass = 8 } })
        {
            Assert.AreEqual(0.5, EqualShare(one, Tensors.Values(another.Create(0, 1, Count))), 5 * 0.5 / Math.Sqrt(Count), $"{another}");
        }

        foreach (int distance in new[] { 1, 2, 3, 4, 8, 16, 32, 64, 128, 4096, 8192 })
        {
            double share = EqualShare(one.AsSpan()[distance..], one);
            Assert.AreEqual(0.5, share, 5 * 0.5 / Math.Sqrt(Count - distance), $"elements {distance} apart");
        }

        static double EqualShare(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            int equal = 0;
            for (int i = 0; i < a.Length; i++)
            {
                equal += a[i] == b[i] ? 1 : 0;
            }

            return equal / (double)a.Length;
        }
    }

    /// <summary>Philox4x32 of ten rounds, one counter, as its authors write it.</summary>
    private static (uint X0, uint X1, uint X2, uint X3) Plain((uint X0, uint X1, uint X2, uint X3) x, ulong key)
    {
        (uint lower, uint upper) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < 10; round++)
        {
            ulong a = 0xD2511F53ul * x.X0, b = 0xCD9E8D57ul * x.X2;
            x = ((uint)(b >> 32) ^ x.X1 ^ lower, (uint)b, (uint)(a >> 32) ^ x.X3 ^ upper, (uint)a);
            (lower, upper) = (unchecked(lower + 0x9E3779B9), unchecked(upper + 0xBB67AE85));
        }

        return x;
    }
}
