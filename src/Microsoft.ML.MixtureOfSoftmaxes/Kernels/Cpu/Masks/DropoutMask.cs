using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// Rows of a dropout mask: 0 with a probability, else 1 / (1 - it). Each number is a function of seed, mask, pass, row and place in the row, the
/// same on every machine, with any number of threads, and whatever rows are drawn beside it.
/// </summary>
/// <param name="Seed">The key.</param>
/// <param name="Mask">Which of the masks that have this seed; the third word of the counter.</param>
/// <param name="Pass">Which of its draws; the fourth.</param>
/// <param name="Rate">The probability of 0.</param>
internal readonly unsafe record struct DropoutMask(ulong Seed, uint Mask, uint Pass, double Rate)
{
    /// <summary>So many counters side by side give so many numbers: the first words of all of them, then the second ones, and so on.</summary>
    public const int Counters = 8, Group = 32;

    private const int NumbersForAThread = 1 << 16;

    /// <summary>Random words below it are dropped.</summary>
    public ulong Dropped => (ulong)(Rate * (1ul << 32));

    /// <summary>What is put in the place of the others.</summary>
    public float Kept => (float)(1 / (1 - Rate));

    /// <summary>A seed for another generator that is to draw such a mask.</summary>
    public long SeedOfItsOwn => (long)(Seed ^ ((ulong)Mask << 32) ^ Pass);

    /// <summary>Rows of the mask, [rows, length].</summary>
    /// <param name="firstRow">The first of the rows; the second word of the counter is the row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="length">Numbers in a row.</param>
    public Tensor Create(int firstRow, int rows, int length)
    {
        Tensor mask = ones(rows, length);
        Multiply(mask, mask, firstRow);
        return mask;
    }

    /// <summary>result = x times the mask, for contiguous [rows, length], which may be the same.</summary>
    public void Multiply(Tensor x, Tensor result, int firstRow = 0)
    {
        long[] shape = x.shape;
        float* source = x.Floats(), destination = result.Floats();
        int rows = (int)shape[0], length = (int)shape[1];
        DropoutMask mask = this;
        WorkerTeam.Run(
            worker =>
            {
                (int start, int end) = worker.Share(rows);
                for (int row = start; row < end; row++)
                {
                    nint offset = (nint)row * length;
                    mask.MultiplyRow(source + offset, destination + offset, length, (uint)(firstRow + row));
                }
            },
            (int)Math.Clamp((long)rows * length / NumbersForAThread, 1, rows));
        GC.KeepAlive(x);
        GC.KeepAlive(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyRow(float* x, float* result, int length, uint row)
    {
        Vector512<ulong> dropped = Vector512.Create(Dropped);
        Vector512<ulong> kept = Vector512.Create((ulong)BitConverter.SingleToUInt32Bits(Kept));
        Vector512<ulong> lanes = Vector512.CreateSequence(0ul, 1ul);
        float* last = stackalloc float[Group];
        for (int start = 0; start < length; start += Group)
        {
            var draw = new Philox(
                Vector512.Create((ulong)start / 4) + lanes, Vector512.Create((ulong)row), Vector512.Create((ulong)Mask),
                Vector512.Create((ulong)Pass));
            draw.Draw(Seed);
            Vector512<float> first = Factors(draw.X0, draw.X1), second = Factors(draw.X2, draw.X3);
            if (start + Group <= length)
            {
                (Vector512.Load(x + start) * first).Store(result + start);
                (Vector512.Load(x + start + (Group / 2)) * second).Store(result + start + (Group / 2));
                continue;
            }

            first.Store(last);
            second.Store(last + (Group / 2));
            for (int i = start; i < length; i++)
            {
                result[i] = x[i] * last[i - start];
            }
        }

        Vector512<float> Factors(Vector512<ulong> a, Vector512<ulong> b) => Vector512.Narrow(
            Vector512.AndNot(kept, Vector512.LessThan(a, dropped)), Vector512.AndNot(kept, Vector512.LessThan(b, dropped))).AsSingle();
    }
}
