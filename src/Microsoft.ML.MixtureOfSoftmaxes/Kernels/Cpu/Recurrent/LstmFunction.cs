using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// <see cref="Lstm"/> in a graph: from inputs and first states to outputs and last states. It gives one tensor, of which these are parts,
/// so that there is a gradient with respect to all of them or none. The gradients with respect to the weights are added to the parameters directly,
/// without a copy.
/// </summary>
internal sealed class LstmFunction : autograd.SingleTensorFunction<LstmFunction>
{
    // What is given to apply, in this order, and then the call.
    private const int Inputs = 7;
    private const string CallKey = "call";

    public override string Name => nameof(LstmFunction);

    /// <param name="lstm">The kernels.</param>
    /// <param name="x_t_b_d">Inputs.</param>
    /// <param name="hidden_1_b_h">h before the first step.</param>
    /// <param name="cell_1_b_h">c before the first step.</param>
    /// <param name="weights">Parameters.</param>
    /// <param name="dropped">Which recurrent weights are dropped; null for none.</param>
    public static (Tensor Output, Tensor Hidden, Tensor Cell) Apply(
        Lstm lstm, Tensor x_t_b_d, Tensor hidden_1_b_h, Tensor cell_1_b_h, LstmWeights weights, DropoutMask? dropped)
    {
        var call = new Call(lstm, weights, dropped, x_t_b_d.requires_grad);
        Tensor states = is_grad_enabled()
            ? apply(x_t_b_d, hidden_1_b_h, cell_1_b_h, weights.Input, weights.Recurrent, weights.InputBias, weights.RecurrentBias, call)
            : Forward(call, x_t_b_d, hidden_1_b_h, cell_1_b_h).States;
        long steps = states.shape[0] - 1;
        return (states.narrow(0, 0, steps), Copy(steps - 1), Copy(steps));

        // What is remembered does not keep the memory of every step.
        Tensor Copy(long place)
        {
            using Tensor state = states.narrow(0, place, 1);
            return state.clone();
        }
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        (Tensor x_t_b_d, Tensor hidden_1_b_h, Tensor cell_1_b_h, var call) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Call)vars[Inputs]);
        LstmPass pass = Forward(call, x_t_b_d, hidden_1_b_h, cell_1_b_h);
        ctx.save_for_backward([x_t_b_d, hidden_1_b_h, cell_1_b_h, pass.States, pass.Cells, pass.Gates]);
        ctx.save_data(CallKey, call);
        return pass.States;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var gradients = new List<Tensor>(new Tensor[Inputs + 1]);
        BackwardError.Catch(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            List<Tensor> saved = ctx.get_saved_variables();
            Backward((Call)ctx.get_data(CallKey), saved, new(saved[3], saved[4], saved[5]), grad_output, gradients);
            scope.MoveToOuter(gradients.Where(gradient => gradient is not null));
        });
        return gradients;
    }

    private static LstmPass Forward(Call call, Tensor x_t_b_d, Tensor hidden_1_b_h, Tensor cell_1_b_h)
    {
        Tensor? dropped = call.DroppedRecurrent();
        LstmWeights weights = dropped is null ? call.Weights : call.Weights with { Recurrent = dropped };
        LstmPass pass = call.Lstm.Forward(x_t_b_d, hidden_1_b_h, cell_1_b_h, weights);
        dropped?.Dispose();
        return pass;
    }

    private static void Backward(Call call, List<Tensor> saved, LstmPass pass, Tensor gradStates, List<Tensor> gradients)
    {
        (Tensor x_t_b_d, Tensor hidden_1_b_h, Tensor cell_1_b_h) = (saved[0], saved[1], saved[2]);
        Tensor? dropped = call.DroppedRecurrent();
        LstmWeights weights = dropped is null ? call.Weights : call.Weights with { Recurrent = dropped };
        (Tensor gates_n_4h, Tensor hidden_b_h, Tensor cell_b_h) = call.Lstm.Backward(pass, cell_1_b_h, weights, gradStates);
        Tensor before_n_h = cat([hidden_1_b_h, pass.States.narrow(0, 0, pass.Cells.shape[0] - 1)], 0).flatten(0, 1);
        Tensor factor_n_4h = call.Lstm.Factor(gates_n_4h), factor_4h_n = factor_n_4h.t();
        call.Lstm.AddProduct(call.Weights.Input, factor_4h_n, call.Lstm.Factor(x_t_b_d.flatten(0, 1)));
        call.Lstm.AddProduct(call.Weights.Recurrent, factor_4h_n, call.Lstm.Factor(before_n_h), call.Dropped);
        Tensor bias_4h = gates_n_4h.sum(dim: 0);
        Lstm.AddGradient(call.Weights.InputBias, bias_4h);
        Lstm.AddGradient(call.Weights.RecurrentBias, bias_4h.clone());
        if (call.NeedsInputGradient)
        {
            gradients[0] = call.Lstm.Product(factor_n_4h, call.Lstm.Factor(call.Weights.Input)).view(x_t_b_d.shape);
        }

        gradients[1] = hidden_b_h.unsqueeze(0);
        gradients[2] = cell_b_h.unsqueeze(0);
    }

    private sealed record Call(Lstm Lstm, LstmWeights Weights, DropoutMask? Dropped, bool NeedsInputGradient)
    {
        /// <summary>The recurrent weights with some dropped; null if none are.</summary>
        public Tensor? DroppedRecurrent()
        {
            if (Dropped is not DropoutMask mask)
            {
                return null;
            }

            Tensor dropped = empty_like(Weights.Recurrent, requires_grad: false);
            mask.Multiply(Weights.Recurrent, dropped);
            return dropped;
        }
    }
}
