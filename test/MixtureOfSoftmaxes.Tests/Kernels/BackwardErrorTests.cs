using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels;

[TestClass]
public sealed class BackwardErrorTests
{
    [TestMethod]
    public void An_error_on_the_way_back_is_thrown_at_its_end_once()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => Backward(Failing.apply(x)));
        Assert.AreEqual("on the way back", thrown.Message);
        Assert.IsNull(x.grad);
        Backward(x * 3);
        Assert.AreEqual(3, x.grad![0].item<float>());

        static void Backward(Tensor y) => BackwardError.Backward([y], [ones_like(y)]);
    }

    private sealed class Failing : autograd.SingleTensorFunction<Failing>
    {
        public override string Name => nameof(Failing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            BackwardError.Catch(() => throw new InvalidOperationException("on the way back"));
            return [null!];
        }
    }
}
