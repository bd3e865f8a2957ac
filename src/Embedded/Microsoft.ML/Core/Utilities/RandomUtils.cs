namespace Microsoft.ML;

/// <summary>The random generators of components.</summary>
internal static class RandomUtils
{
    public static TauswortheHybrid Create(int seed) => new((uint)seed);

    /// <summary>A generator whose state the next numbers of <paramref name="seed"/> determine.</summary>
    public static TauswortheHybrid Create(Random seed) => new(seed);

    /// <summary>Any integer, negative ones included.</summary>
    public static int NextSigned(this Random random) =>
        random is TauswortheHybrid tausworthe ? tausworthe.NextSigned() : random.Next(int.MinValue, int.MaxValue);
}
