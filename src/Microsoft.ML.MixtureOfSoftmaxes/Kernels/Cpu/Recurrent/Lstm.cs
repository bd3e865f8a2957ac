using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// An LSTM layer on the CPU, in float32. Products over all steps are libtorch's; those of single steps, whose rows are few, and all that is done
/// cell by cell are kernels. Rounding rounds the products' factors to bfloat16, and libtorch's products too; states and sums stay float32.
/// </summary>
/// <param name="width">Floats in a vector.</param>
/// <param name="rounds">Whether factors are rounded to bfloat16.</param>
internal sealed class Lstm(int width, bool rounds)
{
    /// <summary>Whether there are kernels for so many units on this processor.</summary>
    public static bool Supports(int units) => SimdWidth.IsSupported && units >= 2;

    /// <summary>The kernels for weights of these sizes.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="rounds">Whether factors are rounded to bfloat16.</param>
    public static Lstm Choose(LstmWeights weights, bool rounds) => new(SimdWidth.Widest((int)weights.Recurrent.shape[1]), rounds);

    /// <summary>Outputs and states of every step.</summary>
    /// <param name="x_t_b_d">Inputs.</param>
    /// <param name="hidden_b_h">h before the first step.</param>
    /// <param name="cell_b_h">c before the first step.</param>
    /// <param name="weights">The weights.</param>
    public LstmPass Forward(Tensor x_t_b_d, Tensor hidden_b_h, Tensor cell_b_h, LstmWeights weights)
    {
        long[] shape = x_t_b_d.shape;
        var sizes = new LstmSizes((int)shape[0], (int)shape[1], (int)hidden_b_h.shape[^1]);
        Tensor states = empty(sizes.Steps + 1L, sizes.Batch, sizes.Units), cells = empty(sizes.Steps, sizes.Batch, sizes.Units);
        using DisposeScope scope = NewDisposeScope();
        Tensor gates = Product(Factor(x_t_b_d.reshape(-1, shape[2])), Factor(weights.Input.t()));
        var work = new LstmForwardWork
        {
            Sizes = sizes,
            Rounds = rounds,
            Gates = gates,
            Weights = weights.Recurrent.contiguous(),
            Bias = weights.InputBias + weights.RecurrentBias,
            Hidden = hidden_b_h.contiguous(),
            Cell = cell_b_h.contiguous(),
            Cells = cells,
            Outputs = states,
        };
        SimdWidth.Run(work, width);
        states[sizes.Steps].copy_(cells[sizes.Steps - 1]);
        return new(states, cells, scope.MoveToOuter(gates));
    }

    /// <summary>From those with respect to the states, the gradients with respect to the gates before their functions, [T B, 4 H], and to the first states, each [B, H].</summary>
    public (Tensor Gates, Tensor Hidden, Tensor Cell) Backward(
        LstmPass pass, Tensor cell_b_h, LstmWeights weights, Tensor gradStates)
    {
        long[] shape = pass.Cells.shape;
        var sizes = new LstmSizes((int)shape[0], (int)shape[1], (int)shape[2]);
        Tensor gradGates = empty_like(pass.Gates);
        Tensor hidden = zeros(sizes.Batch, sizes.Units), cell = empty_like(hidden);
        using DisposeScope scope = NewDisposeScope();
        cell.copy_(gradStates[sizes.Steps]);
        var work = new LstmBackwardWork
        {
            Sizes = sizes,
            Rounds = rounds,
            Gates = pass.Gates,
            Weights = weights.Recurrent.contiguous(),
            Cell = cell_b_h.contiguous(),
            Cells = pass.Cells,
            GradOutputs = gradStates.contiguous(),
            GradHidden = hidden,
            GradCell = cell,
            GradGates = gradGates,
        };
        SimdWidth.Run(work, width);
        return (gradGates, hidden, cell);
    }

    /// <summary>A factor of a product: itself, or rounded.</summary>
    public Tensor Factor(Tensor x) => rounds ? x.to(ScalarType.BFloat16) : x;

    /// <summary>a b of two factors, in float32.</summary>
    public Tensor Product(Tensor a, Tensor b) => rounds ? a.mm(b).to(ScalarType.Float32) : a.mm(b);

    /// <summary>Adds a b to the gradient of a parameter, where its mask is not 0 if there is one.</summary>
    public void AddProduct(Tensor parameter, Tensor a, Tensor b, DropoutMask? mask = null)
    {
        using Tensor? sum = parameter.grad;
        if (sum is not null && mask is null && !rounds)
        {
            sum.addmm_(a, b);
            return;
        }

        Tensor gradient = Product(a, b);
        mask?.Multiply(gradient, gradient);
        AddGradient(parameter, gradient);
    }

    /// <summary>Adds to the gradient of a parameter, or makes it that.</summary>
    public static void AddGradient(Tensor parameter, Tensor gradient)
    {
        using Tensor? sum = parameter.grad;
        if (sum is null)
        {
            parameter.grad = gradient;
        }
        else
        {
            sum.add_(gradient);
        }
    }
}
