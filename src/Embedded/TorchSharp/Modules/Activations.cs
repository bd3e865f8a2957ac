namespace TorchSharp.Modules
{
    public sealed class Dropout : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        private readonly double _p;
        private readonly bool _inplace;

        internal Dropout(double p, bool inplace)
            : base(nameof(Dropout)) => (_p, _inplace) = (p, inplace);

        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.dropout(tensor, _p, training, _inplace);
    }

    public sealed class ReLU : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        private readonly bool _inplace;

        internal ReLU(bool inplace)
            : base(nameof(ReLU)) => _inplace = inplace;

        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.relu(tensor, _inplace);
    }

    public sealed class Tanh : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Tanh()
            : base(nameof(Tanh))
        {
        }

        public override torch.Tensor forward(torch.Tensor tensor) => tensor.tanh();
    }

    public sealed class Sigmoid : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Sigmoid()
            : base(nameof(Sigmoid))
        {
        }

        public override torch.Tensor forward(torch.Tensor tensor) => tensor.sigmoid();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>While training zeroes each element with probability p and divides the rest by 1 - p.</summary>
            public static Modules.Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Modules.ReLU ReLU(bool inplace = false) => new(inplace);

            public static Modules.Tanh Tanh() => new();

            public static Modules.Sigmoid Sigmoid() => new();
        }
    }
}
