namespace TorchSharp.Modules
{
    /// <summary>y = x Wᵀ + b, with W of shape [out, in].</summary>
    public sealed class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private Parameter _weight = null!;
        private Parameter? _bias;

        internal Linear(long inputs, long outputs, bool hasBias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(Linear))
        {
            ComponentsAreRegistered();
            double bound = inputs > 0 ? 1 / Math.Sqrt(inputs) : 0;
            weight = torch.nn.Fresh.Uniform(bound, [outputs, inputs], device, dtype);
            if (hasBias) bias = torch.nn.Fresh.Uniform(bound, [outputs], device, dtype);
        }

        public Parameter weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        public Parameter? bias
        {
            get => _bias;
            set => ConditionallyRegisterParameter("bias", (_bias = value)!);
        }

        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.linear(tensor, _weight, _bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <param name="inputSize">Length of the last dimension that comes in.</param>
            /// <param name="outputSize">Length of the last dimension that goes out.</param>
            /// <param name="hasBias">Whether b is there.</param>
            /// <param name="device">Default: the default device.</param>
            /// <param name="dtype">Default: the default type.</param>
            public static Modules.Linear Linear(
                long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}
