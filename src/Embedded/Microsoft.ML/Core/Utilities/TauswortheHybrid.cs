using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The generator of every component: three Tausworthe generators and a linear congruential one, combined by exclusive or.
/// A seed gives the same numbers as in the official library, so a seeded split is the same split.
/// </summary>
internal sealed class TauswortheHybrid : Random
{
    private const double PerUInt32 = 1.0 / (1L << 32);

    private uint _z1;
    private uint _z2;
    private uint _z3;
    private uint _z4;

    public TauswortheHybrid(uint seed)
    {
        _z1 = seed;
        _z2 = Murmur3.Round(_z1, seed);
        _z3 = Murmur3.Round(_z2, seed);
        _z4 = Murmur3.Round(_z3, seed);
    }

    public TauswortheHybrid(Random parent)
    {
        _z1 = NextSeed(parent);
        _z2 = NextSeed(parent);
        _z3 = NextSeed(parent);
        _z4 = NextUInt32(parent);
    }

    public override float NextSingle() => (Advance() >> 9) * (1f / (1 << 23));

    public override double NextDouble() => Advance() * PerUInt32;

    public override int Next()
    {
        uint next = Advance();
        return (int)(next + (next & 0x80000000));
    }

    public override int Next(int maxValue)
    {
        Contracts.CheckParam(maxValue >= 0, nameof(maxValue), "maxValue must be non-negative");
        return (int)(((ulong)Advance() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        Contracts.CheckParam(minValue <= maxValue, nameof(minValue), "minValue must be less than or equal to maxValue.");
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override void NextBytes(byte[] buffer)
    {
        for (int i = 0; i < buffer.Length; i++)
            buffer[i] = (byte)Next();
    }

    public int NextSigned() => (int)Advance();

    private static uint NextUInt32(Random parent) => ((uint)parent.Next(1 << 16) << 16) | (uint)parent.Next(1 << 16);

    private static uint NextSeed(Random parent)
    {
        // A Tausworthe generator whose high bits are all zero would stay there.
        uint seed;
        do
            seed = NextUInt32(parent);
        while (seed < 128);
        return seed;
    }

    private static uint Step(uint z, int left, int right, int shift, uint mask) =>
        ((z & mask) << shift) ^ (((z << left) ^ z) >> right);

    private uint Advance()
    {
        _z1 = Step(_z1, 13, 19, 12, ~0x1u);
        _z2 = Step(_z2, 2, 25, 4, ~0x7u);
        _z3 = Step(_z3, 3, 11, 17, ~0xfu);
        _z4 = (_z4 * 1664525) + 1013904223;
        return _z1 ^ _z2 ^ _z3 ^ _z4;
    }
}
