using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The steps of an LSTM layer forward, once what the inputs give is there. Each worker has units of its own.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="TRow">How the recurrent weights stand in memory.</typeparam>
internal readonly unsafe struct LstmForward<TSimd, TVector, TRow>(LstmSizes sizes)
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TRow : IWeightRow<TVector>
{
    /// <summary>[T, B, 4 H]: what the inputs give; the gates' values afterwards.</summary>
    public required float* Gates { get; init; }

    /// <summary>[4 H] rows of H.</summary>
    public required float* Weights { get; init; }

    /// <summary>From one row to the next, in floats.</summary>
    public required nint WeightStride { get; init; }

    /// <summary>Where the last block of a row begins.</summary>
    public required nint LastBlock { get; init; }

    /// <summary>[4 H], both added.</summary>
    public required float* Bias { get; init; }

    /// <summary>[B, H], before the first step.</summary>
    public required float* Hidden { get; init; }

    /// <summary>[B, H], before the first step.</summary>
    public required float* Cell { get; init; }

    /// <summary>c, [T, B, H].</summary>
    public required float* Cells { get; init; }

    /// <summary>h, [T, B, H].</summary>
    public required float* Outputs { get; init; }

    /// <summary>[B, 4 H], what the hidden state gives in the step in work.</summary>
    public required float* Recurrent { get; init; }

    /// <summary>[2, B, H filled up]: h of the step before and of the step in work, as the products read it; zeros at first.</summary>
    public required float* Rows { get; init; }

    private static int Block => 2 * TSimd.Count;

    private nint Stride => sizes.Filled(Block);

    /// <summary>All steps.</summary>
    public void Run(Worker worker)
    {
        (int start, int end) = worker.Share(sizes.Units, LstmSizes.ShareUnit);
        for (int b = 0; b < sizes.Batch; b++)
        {
            for (int j = start; j < end; j++)
            {
                Rows[Place(b, j)] = Hidden[(b * sizes.Units) + j];
            }
        }

        for (int t = 0; t < sizes.Steps; t++)
        {
            worker.Meet();
            MultiplyRows(t, start, end);
            Advance(worker, t);
        }
    }

    /// <summary>One step, once what the hidden state gives is there.</summary>
    public void Advance(Worker worker, int t)
    {
        (int start, int end) = worker.Share(sizes.Units, LstmSizes.ShareUnit);
        int whole = start + ((end - start) / TSimd.Count * TSimd.Count);
        for (int b = 0; b < sizes.Batch; b++)
        {
            Advance<TSimd, TVector>(t, b, start, whole);
            Advance<SimdScalar, float>(t, b, whole, end);
        }
    }

    private void MultiplyRows(int t, int start, int end)
    {
        float* rows = Rows + (t % 2 * sizes.Batch * Stride);
        for (int gate = 0; gate < 4; gate++)
        {
            nint first = ((nint)gate * sizes.Units) + start;
            RowProducts<TSimd, TVector, TRow>.Set(
                rows, Stride, sizes.Batch, Stride, Weights + (first * WeightStride), WeightStride, end - start, LastBlock,
                Recurrent + first, 4 * sizes.Units);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Advance<TS, TV>(int t, int b, int start, int end)
        where TS : ISimd<TV>
        where TV : struct
    {
        nint units = sizes.Units, row = (((nint)t * sizes.Batch) + b) * units;
        float* gates = Gates + (4 * row), recurrent = Recurrent + (4 * b * units);
        float* before = t == 0 ? Cell + (b * units) : Cells + row - (sizes.Batch * units);
        float* next = Rows + ((t + 1) % 2 * sizes.Batch * Stride);
        for (int j = start; j < end; j += TS.Count)
        {
            TV hidden = LstmCells<TS, TV>.Forward(gates + j, recurrent + j, Bias + j, units, before + j, Cells + row + j);
            TS.Store(hidden, Outputs + row + j);
            TS.Store(hidden, next + Place(b, j));
        }
    }

    /// <summary>Where unit j of column b stands in a half of <see cref="Rows"/>: what the last block has is at its end.</summary>
    private nint Place(int b, int j) => (b * Stride) + j + (j < sizes.Units / Block * Block ? 0 : Stride - sizes.Units);
}
