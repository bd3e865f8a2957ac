using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>All steps forward over tensors, in the precision asked for: the memory of <see cref="LstmForward{TSimd,TVector,TRow}"/>.</summary>
internal readonly unsafe struct LstmForwardWork : ISimdWork
{
    public required LstmSizes Sizes { get; init; }

    public required bool Rounds { get; init; }

    public required Tensor Gates { get; init; }

    public required Tensor Weights { get; init; }

    public required Tensor Bias { get; init; }

    public required Tensor Hidden { get; init; }

    public required Tensor Cell { get; init; }

    public required Tensor Cells { get; init; }

    public required Tensor Outputs { get; init; }

    public void Run<TSimd, TVector>()
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        if (Rounds)
        {
            Run<TSimd, TVector, BFloat16Row<TSimd, TVector>>();
        }
        else
        {
            Run<TSimd, TVector, Float32Row<TSimd, TVector>>();
        }
    }

    private void Run<TSimd, TVector, TRow>()
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TRow : IWeightRow<TVector>
    {
        LstmSizes sizes = Sizes;
        int filled = sizes.Filled(2 * TSimd.Count);
        float* weights = Weights.Floats();
        float* laidOut = Rounds ? empty(4L * sizes.Units, TRow.Words(filled)).Floats() : weights;
        bool rounds = Rounds;
        Tensor recurrent = empty(sizes.Batch, 4L * sizes.Units);
        var forward = new LstmForward<TSimd, TVector, TRow>(sizes)
        {
            Gates = Gates.Floats(),
            Weights = laidOut,
            WeightStride = rounds ? TRow.Words(filled) : sizes.Units,
            LastBlock = (rounds ? filled : sizes.Units) - (2 * TSimd.Count),
            Bias = Bias.Floats(),
            Hidden = Hidden.Floats(),
            Cell = Cell.Floats(),
            Cells = Cells.Floats(),
            Outputs = Outputs.Floats(),
            Recurrent = recurrent.Floats(),
            Rows = zeros(2, sizes.Batch, filled).Floats(),
        };
        if (rounds && sizes.HasManyRows)
        {
            RunOverProducts(forward, recurrent);
            return;
        }

        WorkerTeam.Run(
            worker =>
            {
                if (rounds)
                {
                    WeightLayout<TSimd, TVector, TRow>.Copy(weights, sizes, laidOut, worker);
                }

                forward.Run(worker);
            },
            sizes.Workers);
    }

    private void RunOverProducts<TSimd, TVector, TRow>(LstmForward<TSimd, TVector, TRow> forward, Tensor recurrent_b_4h)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TRow : IWeightRow<TVector>
    {
        Tensor factor_h_4h = Weights.t().to(ScalarType.BFloat16);
        for (int step = 0; step < Sizes.Steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            int t = step;
            Tensor before_b_h = t == 0 ? Hidden.view(Sizes.Batch, Sizes.Units) : Outputs[t - 1];
            recurrent_b_4h.copy_(before_b_h.to(ScalarType.BFloat16).mm(factor_h_4h));
            WorkerTeam.Run(worker => forward.Advance(worker, t), Sizes.Workers);
        }
    }
}
