using System.Buffers.Binary;
using System.Numerics;

namespace Microsoft.ML.Internal.Utilities;

/// <summary>32-bit MurmurHash3.</summary>
internal static class Murmur3
{
    public static uint Hash(uint seed, ReadOnlySpan<byte> data)
    {
        uint hash = seed;
        ReadOnlySpan<byte> rest = data;
        for (; rest.Length >= 4; rest = rest[4..])
            hash = Round(hash, BinaryPrimitives.ReadUInt32LittleEndian(rest));

        uint tail = 0;
        for (int i = rest.Length - 1; i >= 0; i--)
            tail = (tail << 8) | rest[i];
        hash ^= Scramble(tail);

        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    public static uint Round(uint hash, uint block) => (BitOperations.RotateLeft(hash ^ Scramble(block), 13) * 5) + 0xe6546b64;

    private static uint Scramble(uint block) => BitOperations.RotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
}
