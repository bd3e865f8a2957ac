using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>
/// 128 bits that tell the rows of a view apart. The operations are rounds of 128-bit MurmurHash3 without the final mix:
/// the results need to be distinct, not random.
/// </summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    public readonly ulong Low;
    public readonly ulong High;

    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    /// <summary>An identifier that no sequence of <see cref="Next"/> from this one meets: the block (1, 0) hashed in.</summary>
    public DataViewRowId Fork()
    {
        DataViewRowId next = Next();
        return new DataViewRowId(next.Low ^ Mix(1, C1, 31, C2), next.High);
    }

    /// <summary>The block (0, 0) hashed in.</summary>
    public DataViewRowId Next()
    {
        ulong low = ((BitOperations.RotateLeft(Low, 27) + High) * 5) + 0x52dce729;
        ulong high = ((BitOperations.RotateLeft(High, 31) + low) * 5) + 0x38495ab5;
        return new DataViewRowId(low, high);
    }

    /// <summary>The other identifier, forked, hashed in.</summary>
    public DataViewRowId Combine(DataViewRowId other)
    {
        other = other.Fork();
        ulong low = Low ^ Mix(other.Low, C1, 31, C2);
        low = ((BitOperations.RotateLeft(low, 27) + High) * 5) + 0x52dce729;
        ulong high = High ^ Mix(other.High, C2, 33, C1);
        high = ((BitOperations.RotateLeft(high, 31) + low) * 5) + 0x38495ab5;
        return new DataViewRowId(low, high);
    }

    public int CompareTo(DataViewRowId other) => (High, Low).CompareTo((other.High, other.Low));

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object? obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    private static ulong Mix(ulong block, ulong before, int rotation, ulong after) =>
        BitOperations.RotateLeft(block * before, rotation) * after;
}
