namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Random numbers as a function of a seed, what they are for, and a place in it. Seeds are mixed before they are used: the generators of
/// <see cref="Random"/> with neighbouring seeds draw numbers that differ by a constant. Nothing random is carried from step to step of a
/// run, so a resumed one draws what the uninterrupted one would have drawn, on any device.
/// </summary>
internal static class SeededRandom
{
    /// <summary>A seed for <paramref name="purpose"/> at <paramref name="index"/>: two rounds of SplitMix64's mixer.</summary>
    public static long Seed(int seed, Purpose purpose, long index)
    {
        ulong mixed = Mix(Mix((ulong)(uint)seed | ((ulong)purpose << 32)) ^ (ulong)index);
        return (long)(mixed >> 1);
    }

    public static Random Create(int seed, Purpose purpose, long index = 0) => new((int)(Seed(seed, purpose, index) & int.MaxValue));

    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>What numbers are drawn for.</summary>
    public enum Purpose
    {
        /// <summary>Initial weights.</summary>
        Initialization = 1,

        /// <summary>Dropout masks of a step.</summary>
        Dropout,

        /// <summary>Window lengths of an epoch.</summary>
        Windows,

        /// <summary>The stream's order in an epoch.</summary>
        Shuffle,

        /// <summary>The words of a generated text.</summary>
        Generation,

        /// <summary>The rows of resamples.</summary>
        Bootstrap,

        /// <summary>The order of the shards in an epoch.</summary>
        Shards,
    }
}
