using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// What an LSTM does cell by cell, a vector of them at a time: c = sigmoid(f) c' + sigmoid(i) tanh(g), h = sigmoid(o) tanh(c), and the way back.
/// Gates stand in the order i, f, g, o.
/// </summary>
internal static unsafe class LstmCells<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <param name="gates">What the inputs give, of the first gate; the gates' values afterwards.</param>
    /// <param name="recurrent">What the hidden state gives.</param>
    /// <param name="bias">Both biases, added.</param>
    /// <param name="units">From one gate to the next, in all three.</param>
    /// <param name="before">c'.</param>
    /// <param name="cell">c.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward(float* gates, float* recurrent, float* bias, nint units, float* before, float* cell)
    {
        TVector input = Activations<TSimd, TVector>.Sigmoid(Sum(gates, recurrent, bias, 0));
        TVector forget = Activations<TSimd, TVector>.Sigmoid(Sum(gates, recurrent, bias, units));
        TVector candidate = Activations<TSimd, TVector>.Tanh(Sum(gates, recurrent, bias, 2 * units));
        TVector output = Activations<TSimd, TVector>.Sigmoid(Sum(gates, recurrent, bias, 3 * units));
        TVector c = TSimd.MultiplyAdd(forget, TSimd.Load(before), TSimd.Multiply(input, candidate));
        TSimd.Store(input, gates);
        TSimd.Store(forget, gates + units);
        TSimd.Store(candidate, gates + (2 * units));
        TSimd.Store(output, gates + (3 * units));
        TSimd.Store(c, cell);
        return TSimd.Multiply(output, Activations<TSimd, TVector>.Tanh(c));
    }

    /// <summary>The gradients with respect to the gates before their functions, i, f, g, o.</summary>
    /// <param name="gates">The gates' values, of the first gate.</param>
    /// <param name="units">From one gate to the next.</param>
    /// <param name="before">c'.</param>
    /// <param name="cell">c.</param>
    /// <param name="gradHidden">The gradient with respect to h.</param>
    /// <param name="gradCell">That with respect to c through later steps; that with respect to c' afterwards.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Input, TVector Forget, TVector Candidate, TVector Output) Backward(
        float* gates, nint units, float* before, float* cell, TVector gradHidden, float* gradCell)
    {
        TVector one = TSimd.Create(1);
        TVector input = TSimd.Load(gates), forget = TSimd.Load(gates + units);
        TVector candidate = TSimd.Load(gates + (2 * units)), output = TSimd.Load(gates + (3 * units));
        TVector squashed = Activations<TSimd, TVector>.Tanh(TSimd.Load(cell));
        TVector slope = TSimd.Subtract(one, TSimd.Multiply(squashed, squashed));
        TVector grad = TSimd.MultiplyAdd(TSimd.Multiply(gradHidden, output), slope, TSimd.Load(gradCell));
        TSimd.Store(TSimd.Multiply(grad, forget), gradCell);
        return (
            TSimd.Multiply(TSimd.Multiply(grad, candidate), SigmoidSlope(input)),
            TSimd.Multiply(TSimd.Multiply(grad, TSimd.Load(before)), SigmoidSlope(forget)),
            TSimd.Multiply(TSimd.Multiply(grad, input), TSimd.Subtract(one, TSimd.Multiply(candidate, candidate))),
            TSimd.Multiply(TSimd.Multiply(gradHidden, squashed), SigmoidSlope(output)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(float* gates, float* recurrent, float* bias, nint offset) =>
        TSimd.Add(TSimd.Add(TSimd.Load(gates + offset), TSimd.Load(recurrent + offset)), TSimd.Load(bias + offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SigmoidSlope(TVector y) => TSimd.Multiply(y, TSimd.Subtract(TSimd.Create(1), y));
}
