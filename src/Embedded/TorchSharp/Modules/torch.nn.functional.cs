using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>How a loss gathers its terms.</summary>
        public enum Reduction
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            private static readonly Op Linear = new("linear"), Dropout = new("dropout"), Dropout_ = new("dropout_"),
                Softplus = new("softplus"), LayerNorm = new("layer_norm"), OneHot = new("one_hot"), LeakyRelu = new("leaky_relu"),
                Elu = new("elu");

            /// <summary>x Wᵀ + b.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Linear.Call(input, weights, bias);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Dropout_.InPlace(input, p, training) : Dropout.Call(input, p, training);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                Written(LeakyRelu.Call(input, negative_slope), input, inplace);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => Written(Elu.Call(x, alpha), x, inplace);

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_() : x.silu();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();

            /// <summary>log(1 + exp(beta x)) / beta, and x itself where beta x is above the threshold.</summary>
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Softplus.Call(x, beta, threshold);

            /// <summary>Zero mean and unit variance over the last dimensions, then scaled and shifted.</summary>
            public static Tensor layer_norm(
                Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                LayerNorm.Call(input, normalized_shape, weight, bias, eps);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => OneHot.Call(x, num_classes);

            private static Tensor Written(Tensor result, Tensor input, bool inplace)
            {
                if (!inplace) return result;
                using (result) return input.copy_(result);
            }
        }
    }
}
