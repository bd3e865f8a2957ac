using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>New parameters with PyTorch's starting values; no dispose scope holds them, the module does.</summary>
        internal static class Fresh
        {
            internal static Parameter Uniform(double bound, long[] shape, Device? device, ScalarType? dtype) =>
                Own(empty(shape, dtype, device).uniform_(-bound, bound));

            internal static Parameter Own(Tensor data, bool requires_grad = true)
            {
                var parameter = new Parameter(data, requires_grad);
                parameter.DetachFromDisposeScope();
                return parameter;
            }
        }
    }
}
