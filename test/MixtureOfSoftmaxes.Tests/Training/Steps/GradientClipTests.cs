using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Steps;

[TestClass]
public sealed class GradientClipTests
{
    [TestMethod]
    [DataRow(0.25)]
    [DataRow(3.7)]
    [DataRow(1e6)]
    public void It_gives_the_bits_of_libtorchs_own_function(double maximum)
    {
        Parameter[] ours = Parameters(), theirs = Parameters();
        using Tensor norm = GradientClip.Apply(ours, maximum);
        Assert.AreEqual(nn.utils.clip_grad_norm_(theirs, maximum), norm.item<float>());
        foreach ((Parameter our, Parameter their) in ours.Zip(theirs))
        {
            Assert.AreSequenceEqual(Tensors.Bits(their.grad!), Tensors.Bits(our.grad!));
        }
    }

    [TestMethod]
    public void Parameters_without_a_gradient_count_for_nothing()
    {
        Parameter without = new(ones(3));
        Parameter[] parameters = Parameters();
        double norm = Math.Sqrt(parameters.Sum(parameter => Tensors.Values(parameter.grad!).Sum(value => value * value)));
        using Tensor found = GradientClip.Apply([without, .. parameters], 1e9);
        Assert.AreEqual(norm, found.item<float>(), 1e-6 * norm);
        Assert.IsNull(without.grad);
    }

    private static Parameter[] Parameters()
    {
        random.manual_seed(2);
        return
        [
            .. new long[][] { [300, 17], [41], [5, 7] }.Select(shape =>
            {
                var parameter = new Parameter(zeros(shape)) { grad = randn(shape) };
                return parameter;
            }),
        ];
    }
}
