using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The weights of an LSTM layer, in libtorch's layout.</summary>
/// <param name="Input">[4 H, D].</param>
/// <param name="Recurrent">[4 H, H].</param>
/// <param name="InputBias">[4 H].</param>
/// <param name="RecurrentBias">[4 H].</param>
internal sealed record LstmWeights(Tensor Input, Tensor Recurrent, Tensor InputBias, Tensor RecurrentBias);

/// <summary>What a pass forward gives, and what the way back needs of it.</summary>
/// <param name="Outputs">h, [T, B, H].</param>
/// <param name="Cells">c, [T, B, H].</param>
/// <param name="Gates">The gates' values i, f, g, o, [T, B, 4 H].</param>
internal sealed record LstmPass(Tensor Outputs, Tensor Cells, Tensor Gates);

/// <summary>
/// An LSTM layer on the CPU, in float32. Products over all steps are libtorch's; those of single steps, whose rows are few, and all that is done
/// cell by cell are kernels. Rounding rounds the products' factors to bfloat16, and libtorch's products too; states and sums stay float32.
/// </summary>
/// <param name="width">Floats in a vector.</param>
/// <param name="rounds">Whether factors are rounded to bfloat16.</param>
internal sealed unsafe class Lstm(int width, bool rounds)
{
    /// <summary>Outputs and states of every step.</summary>
    /// <param name="x_t_b_d">Inputs.</param>
    /// <param name="hidden_b_h">h before the first step.</param>
    /// <param name="cell_b_h">c before the first step.</param>
    /// <param name="weights">The weights.</param>
    public LstmPass Forward(Tensor x_t_b_d, Tensor hidden_b_h, Tensor cell_b_h, LstmWeights weights)
    {
        long[] shape = x_t_b_d.shape;
        var sizes = new LstmSizes((int)shape[0], (int)shape[1], (int)hidden_b_h.shape[^1]);
        Tensor gates = Product(x_t_b_d.reshape(-1, shape[2]), weights.Input.t());
        Tensor outputs = empty(sizes.Steps, sizes.Batch, sizes.Units), cells = empty_like(outputs);
        using DisposeScope scope = NewDisposeScope();
        var work = new ForwardWork
        {
            Sizes = sizes,
            Rounds = rounds,
            Gates = gates,
            Weights = weights.Recurrent.contiguous(),
            Bias = weights.InputBias + weights.RecurrentBias,
            Hidden = hidden_b_h.contiguous(),
            Cell = cell_b_h.contiguous(),
            Cells = cells,
            Outputs = outputs,
        };
        SimdWidth.Run(work, width);
        return new(outputs, cells, gates);
    }

    /// <summary>The gradients with respect to the gates before their functions, [T, B, 4 H], and to the first states, each [B, H].</summary>
    public (Tensor Gates, Tensor Hidden, Tensor Cell) Backward(
        LstmPass pass, Tensor cell_b_h, LstmWeights weights, Tensor? gradOutputs, Tensor? gradHidden, Tensor? gradCell)
    {
        long[] shape = pass.Outputs.shape;
        var sizes = new LstmSizes((int)shape[0], (int)shape[1], (int)shape[2]);
        Tensor gradGates = empty_like(pass.Gates);
        Tensor hidden = Own(gradHidden), cell = Own(gradCell);
        using DisposeScope scope = NewDisposeScope();
        var work = new BackwardWork
        {
            Sizes = sizes,
            Rounds = rounds,
            Gates = pass.Gates,
            Weights = weights.Recurrent.contiguous(),
            Cell = cell_b_h.contiguous(),
            Cells = pass.Cells,
            GradOutputs = gradOutputs?.contiguous(),
            GradHidden = hidden,
            GradCell = cell,
            GradGates = gradGates,
        };
        SimdWidth.Run(work, width);
        return (gradGates, hidden, cell);

        Tensor Own(Tensor? gradient) =>
            gradient is null ? zeros(sizes.Batch, sizes.Units) : empty(sizes.Batch, sizes.Units).copy_(gradient.reshape(sizes.Batch, sizes.Units));
    }

    /// <summary>a b, the factors rounded if asked for.</summary>
    public Tensor Product(Tensor a, Tensor b)
    {
        if (!rounds)
        {
            return a.mm(b);
        }

        using Tensor roundedA = a.to(ScalarType.BFloat16), roundedB = b.to(ScalarType.BFloat16), product = roundedA.mm(roundedB);
        return product.to(ScalarType.Float32);
    }

    private readonly struct ForwardWork : ISimdWork
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
                Recurrent = empty(sizes.Batch, 4L * sizes.Units).Floats(),
                Rows = zeros(2, sizes.Batch, filled).Floats(),
            };
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
    }

    private readonly struct BackwardWork : ISimdWork
    {
        public required LstmSizes Sizes { get; init; }

        public required bool Rounds { get; init; }

        public required Tensor Gates { get; init; }

        public required Tensor Weights { get; init; }

        public required Tensor Cell { get; init; }

        public required Tensor Cells { get; init; }

        public required Tensor? GradOutputs { get; init; }

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
            float* transposed = empty(sizes.Units, TRow.Words(4 * filled)).Floats();
            var backward = new LstmBackward<TSimd, TVector, TRow>(sizes)
            {
                Gates = Gates.Floats(),
                Weights = transposed,
                WeightStride = TRow.Words(4 * filled),
                Cell = Cell.Floats(),
                Cells = Cells.Floats(),
                GradOutputs = GradOutputs is null ? null : GradOutputs.Floats(),
                GradHidden = GradHidden.Floats(),
                GradCell = GradCell.Floats(),
                GradGates = GradGates.Floats(),
                Rows = zeros(2, sizes.Batch, 4L * filled).Floats(),
            };
            WorkerTeam.Run(
                worker =>
                {
                    WeightLayout<TSimd, TVector, TRow>.Transpose(weights, sizes, transposed, worker);
                    backward.Run(worker);
                },
                sizes.Workers);
        }
    }
}
