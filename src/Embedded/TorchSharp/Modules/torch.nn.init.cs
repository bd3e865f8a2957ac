namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            public static Tensor zeros_(Tensor tensor) => Filled(tensor, t => t.zero_());

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            public static Tensor constant_(Tensor tensor, Scalar val) => Filled(tensor, t => t.fill_(val));

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                Filled(tensor, t => t.uniform_(low, high, generator));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                Filled(tensor, t => t.normal_(mean, std, generator));

            /// <summary>Uniform in ± gain sqrt(6 / (fan in + fan out)).</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                double bound = gain * Math.Sqrt(6.0 / Fans(tensor));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with standard deviation gain sqrt(2 / (fan in + fan out)).</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1) =>
                normal_(tensor, 0, gain * Math.Sqrt(2.0 / Fans(tensor)));

            public static Tensor eye_(Tensor tensor)
            {
                using var identity = eye(tensor.size(0), tensor.size(1), tensor.dtype, tensor.device);
                return Filled(tensor, t => t.copy_(identity));
            }

            /// <summary>Orthonormal rows or columns, whichever are fewer, times gain.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                using var scope = NewDisposeScope();
                using var mode = no_grad();
                long rows = tensor.size(0);
                long columns = tensor.numel() / rows;
                var random = randn(Math.Max(rows, columns), Math.Min(rows, columns), tensor.dtype, tensor.device);
                var (q, r) = linalg.qr(random);
                // The signs make the distribution uniform.
                q = q * r.diag().sign();
                if (rows < columns) q = q.t();
                tensor.copy_(q.reshape(tensor.shape)).mul_(gain);
                return tensor;
            }

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                long[] shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException($"A tensor of {shape.Length} dimensions has no fan in and fan out.");
                long field = shape.Skip(2).TotalSize();
                return (shape[1] * field, shape[0] * field);
            }

            private static long Fans(Tensor tensor)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return fanIn + fanOut;
            }

            private static Tensor Filled(Tensor tensor, Action<Tensor> fill)
            {
                using (no_grad()) fill(tensor);
                return tensor;
            }
        }
    }
}
