using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

[TestClass]
public sealed class SigmoidTreeTests
{
    [TestMethod]
    public void Four_leaves_have_the_shares_of_the_paper()
    {
        using DisposeScope scope = NewDisposeScope();
        const double G1 = 0.3, G2 = 0.9, G3 = 0.2;
        Tensor leaves = eye(4, dtype: ScalarType.Float64).unsqueeze(0);
        double[] shares = Tensors.Values(SigmoidTree.Mix(leaves, Tensors.Of([G1, G2, G3], 1, 3, 1)));
        Numbers.AssertClose([G1 * G2, G1 * (1 - G2), (1 - G1) * G3, (1 - G1) * (1 - G3)], shares, 1e-15, "share");
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(8)]
    [DataRow(64)]
    public void Shares_add_up_to_one_and_closed_gates_choose_one_leaf(int leaves)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] open = [.. Numbers.Gaussian(new Random(leaves), leaves - 1).Select(x => 1 / (1 + Math.Exp(-x)))];
        Tensor unit = eye(leaves, dtype: ScalarType.Float64).unsqueeze(0);
        double[] shares = Tensors.Values(SigmoidTree.Mix(unit, Tensors.Of(open, 1, leaves - 1, 1)));
        Assert.AreEqual(1, shares.Sum(), 1e-14);
        Assert.IsTrue(shares.All(share => share > 0));
        double[] last = Tensors.Values(SigmoidTree.Mix(unit, zeros(1, leaves - 1, 1, ScalarType.Float64)));
        Assert.AreSequenceEqual([.. Enumerable.Repeat(0.0, leaves - 1), 1.0], last);
    }
}
