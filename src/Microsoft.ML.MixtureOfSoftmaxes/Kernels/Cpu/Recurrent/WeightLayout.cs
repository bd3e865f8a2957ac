using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Recurrent weights [4 H, H] laid out for <see cref="RowProducts{TSimd,TVector,TRow}"/>, each worker a share of the rows.</summary>
internal static unsafe class WeightLayout<TSimd, TVector, TRow>
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TRow : IWeightRow<TVector>
{
    // Rows that are transposed at a time: some cache lines of each row that is read, so that those of the next are fetched meanwhile.
    private const int Rows = 64;

    private static int Block => 2 * TSimd.Count;

    /// <summary>The rows as they are, in blocks; the last one is the last of the weights, which may be partly in the block before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* weights, LstmSizes sizes, float* result, Worker worker)
    {
        int units = sizes.Units, filled = sizes.Filled(Block);
        (int start, int end) = worker.Share(4 * units);
        for (int row = start; row < end; row++)
        {
            float* source = weights + ((nint)row * units), destination = result + (row * TRow.Words(filled));
            for (int k = 0; k < filled; k += Block)
            {
                float* block = source + Math.Min(k, units - Block);
                TRow.Store(destination, k, TSimd.Load(block), TSimd.Load(block + TSimd.Count));
            }
        }
    }

    /// <summary>Transposed: row j has the weights that unit j has in the gates, i, f, g, o, those of each filled up with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* weights, LstmSizes sizes, float* result, Worker worker)
    {
        int units = sizes.Units, filled = sizes.Filled(Block);
        (int start, int end) = worker.Share(units, LstmSizes.ShareUnit);
        float* columns = stackalloc float[Rows * Block];
        for (int j = start; j < end; j += Rows)
        {
            int rows = Math.Min(Rows, end - j);
            for (int gate = 0; gate < 4; gate++)
            {
                float* source = weights + ((nint)gate * units * units) + j;
                for (int k = 0; k < filled; k += Block)
                {
                    new Span<float>(columns, Rows * Block).Clear();
                    int count = Math.Min(Block, units - k);
                    for (int i = 0; i < count; i++)
                    {
                        float* row = source + ((nint)(k + i) * units), column = columns + i;
                        for (int r = 0; r < rows; r++, column += Block)
                        {
                            *column = row[r];
                        }
                    }

                    for (int r = 0; r < rows; r++)
                    {
                        float* column = columns + (r * Block);
                        float* destination = result + ((j + r) * TRow.Words(4 * filled));
                        TRow.Store(destination, ((nint)gate * filled) + k, TSimd.Load(column), TSimd.Load(column + TSimd.Count));
                    }
                }
            }
        }
    }
}
