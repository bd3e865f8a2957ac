using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>All steps backward over tensors, in the precision asked for: the memory of <see cref="LstmBackward{TSimd,TVector,TRow}"/>.</summary>
internal readonly unsafe struct LstmBackwardWork : ISimdWork
{
    public required LstmSizes Sizes { get; init; }

    public required bool Rounds { get; init; }

    public required Tensor Gates { get; init; }

    public required Tensor Weights { get; init; }

    public required Tensor Cell { get; init; }

    public required Tensor Cells { get; init; }

    public required Tensor GradOutputs { get; init; }

    public required Tensor GradHidden { get; init; }

    public required Tensor GradCell { get; init; }

    public required Tensor GradGates { get; init; }

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
        var backward = new LstmBackward<TSimd, TVector, TRow>(sizes)
        {
            Gates = Gates.Floats(),
            Weights = empty(sizes.Units, TRow.Words(4 * filled)).Floats(),
            WeightStride = TRow.Words(4 * filled),
            Cell = Cell.Floats(),
            Cells = Cells.Floats(),
            GradOutputs = GradOutputs.Floats(),
            GradHidden = GradHidden.Floats(),
            GradCell = GradCell.Floats(),
            GradGates = GradGates.Floats(),
            Rows = zeros(2, sizes.Batch, 4L * filled).Floats(),
        };
        if (Rounds && sizes.HasManyRows)
        {
            RunOverProducts(backward);
            return;
        }

        float* transposed = backward.Weights;
        WorkerTeam.Run(
            worker =>
            {
                WeightLayout<TSimd, TVector, TRow>.Transpose(weights, sizes, transposed, worker);
                backward.Run(worker);
            },
            sizes.Workers);
    }

    private void RunOverProducts<TSimd, TVector, TRow>(LstmBackward<TSimd, TVector, TRow> backward)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TRow : IWeightRow<TVector>
    {
        Tensor factor_4h_h = Weights.to(ScalarType.BFloat16), gates_t_b_4h = GradGates.view(Sizes.Steps, Sizes.Batch, -1);
        for (int step = Sizes.Steps - 1; step >= 0; step--)
        {
            using DisposeScope scope = NewDisposeScope();
            int t = step;
            WorkerTeam.Run(worker => backward.GoBack(worker, t), Sizes.Workers);
            GradHidden.copy_(gates_t_b_4h[t].to(ScalarType.BFloat16).mm(factor_4h_h));
        }
    }
}
