using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// The loops of <see cref="GateRow"/>: each goes from <c>start</c> on in whole vectors, and returns where it had to stop. A tree's nodes are
/// numbered from the root, 1, on: node j has the children 2 j and 2 j + 1, gate j - 1 shares between them, and from K on they are the experts.
/// </summary>
internal static unsafe class GatePasses
{
    public static int Mix<TSimd, TVector, TNumbers>(GateRows rows, float* z, int start, int count)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
        where TNumbers : struct, INumbers
    {
        int i = start;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TSimd.Store(Climb<TSimd, TVector, TNumbers>(in rows, i, count), z + i);
        }

        return i;
    }

    public static int Differentiate<TSimd, TVector, TNumbers>(
        GateRows rows, float* gradZ, float* gradShared, float* gradBias, int start, int count)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
        where TNumbers : struct, INumbers
    {
        int experts = rows.Experts, i = start;
        float* sums = rows.Work + (3 * experts * TSimd.Count);
        new Span<float>(sums, experts * TSimd.Count).Clear();
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            Climb<TSimd, TVector, TNumbers>(in rows, i, count);
            Descend<TSimd, TVector, TNumbers>(in rows, TSimd.Load(gradZ + i), sums, gradBias, i, count);
        }

        for (int j = 1; j < experts; j++)
        {
            gradShared[j - 1] += TSimd.SumOf(TSimd.Load(sums + (j * TSimd.Count)));
        }

        return i;
    }

    /// <summary>From the experts to the root, whose value it returns; nodes and gates stay in the work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Climb<TSimd, TVector, TNumbers>(in GateRows rows, int i, int count)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
        where TNumbers : struct, INumbers
    {
        int experts = rows.Experts;
        float* nodes = rows.Work, gates = nodes + (2 * experts * TSimd.Count);
        for (int k = 0; k < experts; k++)
        {
            TSimd.Store(TNumbers.Load<TSimd, TVector>(rows.Logits, ((long)k * count) + i), nodes + ((experts + k) * TSimd.Count));
        }

        TVector mixed = TSimd.Zero, one = TSimd.Create(1), half = TSimd.Create(0.5f);
        for (int j = experts - 1; j >= 1; j--)
        {
            TVector common = TSimd.Add(TNumbers.Load<TSimd, TVector>(rows.Gates, ((long)(j - 1) * count) + i), TSimd.Create(rows.Shared[j - 1]));
            TVector gate = Activations<TSimd, TVector>.Sigmoid(
                TSimd.Add(common, TSimd.Load(rows.Bias + ((long)(j - 1) * rows.BiasStride) + i)));
            TSimd.Store(gate, gates + (j * TSimd.Count));

            // From the nearer end, so that a gate that is open or shut gives the child itself.
            TVector left = TSimd.Load(nodes + (2 * j * TSimd.Count)), right = TSimd.Load(nodes + (((2 * j) + 1) * TSimd.Count));
            TVector toLeft = TSimd.Subtract(left, right), toRight = TSimd.Subtract(right, left);
            mixed = TSimd.WhereLess(
                gate, half, TSimd.MultiplyAdd(toLeft, gate, right), TSimd.MultiplyAdd(toRight, TSimd.Subtract(one, gate), left));
            TSimd.Store(mixed, nodes + (j * TSimd.Count));
        }

        return mixed;
    }

    /// <summary>From the root's gradient to those of gates and experts; each node gives its children's gradients their places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Descend<TSimd, TVector, TNumbers>(in GateRows rows, TVector gradRoot, float* sums, float* gradBias, int i, int count)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
        where TNumbers : struct, INumbers
    {
        int experts = rows.Experts;
        float* nodes = rows.Work, gates = nodes + (2 * experts * TSimd.Count);
        TSimd.Store(gradRoot, nodes + TSimd.Count);
        TVector one = TSimd.Create(1);
        for (int j = 1; j < experts; j++)
        {
            float* left = nodes + (2 * j * TSimd.Count), right = left + TSimd.Count, sum = sums + (j * TSimd.Count);
            TVector grad = TSimd.Load(nodes + (j * TSimd.Count)), gate = TSimd.Load(gates + (j * TSimd.Count));
            TVector gradLeft = TSimd.Multiply(grad, gate), rest = TSimd.Subtract(one, gate);
            TVector gradGate = TSimd.Multiply(TSimd.Multiply(gradLeft, rest), TSimd.Subtract(TSimd.Load(left), TSimd.Load(right)));
            TSimd.Store(gradLeft, left);
            TSimd.Store(TSimd.Multiply(grad, rest), right);
            TNumbers.Store<TSimd, TVector>(gradGate, rows.Gates, ((long)(j - 1) * count) + i);
            TSimd.Store(TSimd.Add(TSimd.Load(sum), gradGate), sum);
            float* ofBias = gradBias + ((long)(j - 1) * rows.BiasStride) + i;
            TSimd.Store(TSimd.Add(TSimd.Load(ofBias), gradGate), ofBias);
        }

        for (int k = 0; k < experts; k++)
        {
            TNumbers.Store<TSimd, TVector>(TSimd.Load(nodes + ((experts + k) * TSimd.Count)), rows.Logits, ((long)k * count) + i);
        }
    }
}
