using System.Runtime.Intrinsics;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cpu.Mixtures;

/// <summary>Rows of words with gates of their own in vectors of every width, also of those that the processor has not.</summary>
[TestClass]
public sealed unsafe class GateRowTests
{
    private const int Experts = 4, Gates = Experts - 1;
    private const int Count = 71; // Whole vectors of any width, and some more.
    private const int BiasStride = Count + 5;

    [TestMethod]
    [DataRow(128)]
    [DataRow(256)]
    [DataRow(512)]
    public void Mixtures_and_gradients_equal_the_formulas(int bits)
    {
        var random = new Random(3);
        float[] logits = Singles(random, Experts * Count), gates = Singles(random, Gates * Count), shared = Singles(random, Gates);
        float[] bias = Singles(random, Gates * BiasStride), gradZ = Singles(random, Count), z = new float[Count];
        double[][] g =
            [.. Enumerable.Range(0, Gates).Select(i => Row(j => Sigmoid(gates[(i * Count) + j] + shared[i] + bias[(i * BiasStride) + j])))];
        double[][] h = [.. Enumerable.Range(0, Experts).Select(k => Row(j => logits[(k * Count) + j]))];
        float[] gradShared = [1, 1, 1], gradBias = [.. Enumerable.Repeat(2f, Gates * BiasStride)];
        GateRow row = bits switch
        {
            512 => GateRow.Create<Simd512, Vector512<float>>(isRounded: false),
            256 => GateRow.Create<Simd256, Vector256<float>>(isRounded: false),
            _ => GateRow.Create<Simd128, Vector128<float>>(isRounded: false),
        };
        float[] work = new float[Experts * GateRows.WorkFloats];
        fixed (float* pl = logits, pg = gates, ps = shared, pb = bias, pw = work, pz = z, pgz = gradZ, pgs = gradShared, pgb = gradBias)
        {
            var rows = new GateRows
            {
                Experts = Experts,
                Logits = pl,
                Gates = pg,
                Shared = ps,
                Bias = pb,
                BiasStride = BiasStride,
                Work = pw,
            };
            row.Mix(rows, pz, Count);
            row.Differentiate(rows, pgz, pgs, pgb, Count);
        }

        double[] left = Row(j => (g[1][j] * h[0][j]) + ((1 - g[1][j]) * h[1][j])), right = Row(j => (g[2][j] * h[2][j]) + ((1 - g[2][j]) * h[3][j]));
        AssertClose([Row(j => (g[0][j] * left[j]) + ((1 - g[0][j]) * right[j]))], z, "mixture");
        AssertClose(
            [
                Row(j => gradZ[j] * g[0][j] * g[1][j]), Row(j => gradZ[j] * g[0][j] * (1 - g[1][j])),
                Row(j => gradZ[j] * (1 - g[0][j]) * g[2][j]), Row(j => gradZ[j] * (1 - g[0][j]) * (1 - g[2][j])),
            ],
            logits,
            "experts");
        double[][] ofGates =
        [
            Row(j => gradZ[j] * g[0][j] * (1 - g[0][j]) * (left[j] - right[j])),
            Row(j => gradZ[j] * g[0][j] * g[1][j] * (1 - g[1][j]) * (h[0][j] - h[1][j])),
            Row(j => gradZ[j] * (1 - g[0][j]) * g[2][j] * (1 - g[2][j]) * (h[2][j] - h[3][j])),
        ];
        AssertClose(ofGates, gates, "gates");
        AssertClose([[.. ofGates.Select(gate => 1 + gate.Sum())]], gradShared, "what is shared");
        AssertClose([.. ofGates.Select(gate => (double[])[.. gate.Select(x => 2 + x), 2, 2, 2, 2, 2])], gradBias, "biases");

        static double[] Row(Func<int, double> of) => [.. Enumerable.Range(0, Count).Select(of)];
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }

    private static void AssertClose(double[][] expected, float[] actual, string what) =>
        Numbers.AssertClose([.. expected.SelectMany(row => row)], [.. actual.Select(x => (double)x)], 2e-6, what);

    private static float[] Singles(Random random, int count) => [.. Numbers.Gaussian(random, count, 2).Select(x => (float)x)];
}
