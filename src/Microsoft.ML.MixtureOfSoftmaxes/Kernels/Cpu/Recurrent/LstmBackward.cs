using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The steps of an LSTM layer backward, up to the gradients with respect to the gates. Each worker has units of its own.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="TRow">How the transposed recurrent weights stand in memory.</typeparam>
internal readonly unsafe struct LstmBackward<TSimd, TVector, TRow>(LstmSizes sizes)
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TRow : IWeightRow<TVector>
{
    /// <summary>[T, B, 4 H], the gates' values.</summary>
    public required float* Gates { get; init; }

    /// <summary>H rows of the weights of the four gates, each filled up.</summary>
    public required float* Weights { get; init; }

    /// <summary>From one row to the next, in floats.</summary>
    public required nint WeightStride { get; init; }

    /// <summary>[B, H], c before the first step.</summary>
    public required float* Cell { get; init; }

    /// <summary>c, [T, B, H].</summary>
    public required float* Cells { get; init; }

    /// <summary>[T, B, H], the gradient with respect to the outputs.</summary>
    public required float* GradOutputs { get; init; }

    /// <summary>[B, H], that with respect to the last hidden state, besides; that with respect to the first afterwards.</summary>
    public required float* GradHidden { get; init; }

    /// <summary>[B, H], that with respect to the last cell state; that with respect to the first afterwards.</summary>
    public required float* GradCell { get; init; }

    /// <summary>[T, B, 4 H], that with respect to the gates before their functions.</summary>
    public required float* GradGates { get; init; }

    /// <summary>[2, B, 4 H filled up]: those of the step before and of the step in work, as the products read them; zeros at first.</summary>
    public required float* Rows { get; init; }

    private nint Filled => sizes.Filled(2 * TSimd.Count);

    /// <summary>All steps.</summary>
    public void Run(Worker worker)
    {
        (int start, int end) = worker.Share(sizes.Units, LstmSizes.ShareUnit);
        for (int t = sizes.Steps - 1; t >= 0; t--)
        {
            GoBack(worker, t);
            worker.Meet();
            RowProducts<TSimd, TVector, TRow>.Set(
                RowsOf(t), 4 * Filled, sizes.Batch, 4 * Filled, Weights + (start * WeightStride), WeightStride, end - start,
                (4 * Filled) - (2 * TSimd.Count), GradHidden + start, sizes.Units);
        }
    }

    /// <summary>One step, once the gradient with respect to the hidden state is there.</summary>
    public void GoBack(Worker worker, int t)
    {
        (int start, int end) = worker.Share(sizes.Units, LstmSizes.ShareUnit);
        int whole = start + ((end - start) / TSimd.Count * TSimd.Count);
        for (int b = 0; b < sizes.Batch; b++)
        {
            GoBack<TSimd, TVector>(t, b, start, whole);
            GoBack<SimdScalar, float>(t, b, whole, end);
        }
    }

    private float* RowsOf(int t) => Rows + (t % 2 * 4 * sizes.Batch * Filled);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GoBack<TS, TV>(int t, int b, int start, int end)
        where TS : ISimd<TV>
        where TV : struct
    {
        nint units = sizes.Units, row = (((nint)t * sizes.Batch) + b) * units;
        float* before = t == 0 ? Cell + (b * units) : Cells + row - (sizes.Batch * units);
        for (int j = start; j < end; j += TS.Count)
        {
            TV gradHidden = TS.Add(TS.Load(GradHidden + (b * units) + j), TS.Load(GradOutputs + row + j));
            (TV input, TV forget, TV candidate, TV output) = LstmCells<TS, TV>.Backward(
                Gates + (4 * row) + j, units, before + j, Cells + row + j, gradHidden, GradCell + (b * units) + j);
            Store<TS, TV>(GradGates + (4 * row) + j, units, input, forget, candidate, output);
            Store<TS, TV>(RowsOf(t) + (4 * b * Filled) + j, Filled, input, forget, candidate, output);
        }
    }

    private static void Store<TS, TV>(float* destination, nint stride, TV input, TV forget, TV candidate, TV output)
        where TS : ISimd<TV>
        where TV : struct
    {
        TS.Store(input, destination);
        TS.Store(forget, destination + stride);
        TS.Store(candidate, destination + (2 * stride));
        TS.Store(output, destination + (3 * stride));
    }
}
