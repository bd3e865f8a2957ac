using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// Philox4x32 of ten rounds (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011): four random words of 32 bits as a function of
/// a key of two words and a counter of four. Eight counters side by side, each word in 64 bits.
/// </summary>
internal struct Philox(Vector512<ulong> x0, Vector512<ulong> x1, Vector512<ulong> x2, Vector512<ulong> x3)
{
    private const ulong Word = 0xFFFFFFFF;
    private const int Rounds = 10;

    /// <summary>The counter; the random words once drawn.</summary>
    public Vector512<ulong> X0 = x0, X1 = x1, X2 = x2, X3 = x3;

    /// <summary>Turns the counters into random words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Draw(ulong key)
    {
        uint lower = (uint)key, upper = (uint)(key >> 32);
        Vector512<ulong> word = Vector512.Create(Word);
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> first = X0 * Vector512.Create(0xD2511F53ul), second = X2 * Vector512.Create(0xCD9E8D57ul);
            X0 = Vector512.ShiftRightLogical(second, 32) ^ X1 ^ Vector512.Create((ulong)lower);
            X2 = Vector512.ShiftRightLogical(first, 32) ^ X3 ^ Vector512.Create((ulong)upper);
            X1 = second & word;
            X3 = first & word;
            lower += 0x9E3779B9;
            upper += 0xBB67AE85;
        }
    }
}
