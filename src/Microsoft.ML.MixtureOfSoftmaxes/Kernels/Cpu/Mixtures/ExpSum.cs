namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>A sum of exponentials in log space: exp(Offset) Sum.</summary>
internal readonly record struct ExpSum(float Offset, float Sum)
{
    /// <summary>Offsets are numbers, so that nothing relative to nothing is one.</summary>
    public static ExpSum Zero => new(float.MinValue, 0);

    public static ExpSum operator +(ExpSum a, ExpSum b) => a.Offset >= b.Offset
        ? new(a.Offset, a.Sum + (b.Sum * MathF.Exp(b.Offset - a.Offset)))
        : new(b.Offset, b.Sum + (a.Sum * MathF.Exp(a.Offset - b.Offset)));

    /// <summary>The sum over all workers of what each has for a row of the chunk.</summary>
    public static ExpSum Of(ExpSum[] sums, int row, TileLayout layout)
    {
        ExpSum total = sums[row];
        for (int worker = 1; worker < layout.Workers; worker++)
        {
            total += sums[(worker * layout.ChunkRows) + row];
        }

        return total;
    }

    public float Log() => Offset + MathF.Log(Sum);
}
