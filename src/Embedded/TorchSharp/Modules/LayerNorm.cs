namespace TorchSharp.Modules
{
    /// <summary>Brings the last dimensions to zero mean and unit variance, then scales and shifts them.</summary>
    public sealed class LayerNorm : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly long[] _shape;
        private readonly double _eps;
        private Parameter? _weight;
        private Parameter? _bias;

        internal LayerNorm(long[] shape, double eps, bool scaled, bool shifted, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(LayerNorm))
        {
            ComponentsAreRegistered();
            (_shape, _eps) = (shape, eps);
            if (scaled) weight = torch.nn.Fresh.Own(torch.ones(shape, dtype, device));
            if (scaled && shifted) bias = torch.nn.Fresh.Own(torch.zeros(shape, dtype, device));
        }

        public Parameter weight
        {
            get => _weight!;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        public Parameter? bias
        {
            get => _bias;
            set => ConditionallyRegisterParameter("bias", (_bias = value)!);
        }

        public override torch.Tensor forward(torch.Tensor tensor) =>
            torch.nn.functional.layer_norm(tensor, _shape, _weight, _bias, _eps);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <param name="normalized_shape">The last dimensions, which are normalized together.</param>
            /// <param name="eps">Keeps the divisor above zero.</param>
            /// <param name="elementwise_affine">Whether each element has a scale of its own.</param>
            /// <param name="bias">Whether each element has a shift of its own, too.</param>
            /// <param name="device">Default: the default device.</param>
            /// <param name="dtype">Default: the default type.</param>
            public static Modules.LayerNorm LayerNorm(
                long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true,
                Device? device = null,
                ScalarType? dtype = null) => new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static Modules.LayerNorm LayerNorm(
                long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true,
                Device? device = null,
                ScalarType? dtype = null) => new([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}
