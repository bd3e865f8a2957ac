using TorchSharp.Native;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Layers of long short-term memory. Parameters of layer k: weight_ih_lk, weight_hh_lk, bias_ih_lk, bias_hh_lk.
    /// </summary>
    public sealed class LSTM : torch.nn.Module<torch.Tensor, (torch.Tensor, torch.Tensor)?, (torch.Tensor, torch.Tensor, torch.Tensor)>
    {
        private static readonly Op Run = new("lstm.input"), RunLayer = new("mos::lstm"), Flatten = new("_cudnn_rnn_flatten_weight");

        // cuDNN's number for this kind of network.
        private const long CudnnLstm = 2;

        private readonly long _inputs;
        private readonly long _hidden;
        private readonly long _layers;
        private readonly bool _bias;
        private readonly bool _batchFirst;
        private readonly double _dropout;
        private readonly bool _bidirectional;

        internal LSTM(
            long inputs, long hidden, long layers, bool bias, bool batchFirst, double dropout, bool bidirectional,
            torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(LSTM))
        {
            ComponentsAreRegistered();
            (_inputs, _hidden, _layers, _dropout) = (inputs, hidden, layers, dropout);
            (_bias, _batchFirst, _bidirectional) = (bias, batchFirst, bidirectional);
            double bound = 1 / Math.Sqrt(hidden);
            for (long layer = 0; layer < layers; layer++)
            {
                foreach (string direction in (ReadOnlySpan<string>)(bidirectional ? ["", "_reverse"] : [""]))
                {
                    long width = layer == 0 ? inputs : hidden * Directions;
                    Add("weight_ih", 4 * hidden, width);
                    Add("weight_hh", 4 * hidden, hidden);
                    if (!bias) continue;
                    Add("bias_ih", 4 * hidden);
                    Add("bias_hh", 4 * hidden);

                    void Add(string kind, params long[] shape) =>
                        register_parameter($"{kind}_l{layer}{direction}", torch.nn.Fresh.Uniform(bound, shape, device, dtype));
                }
            }
            flatten_parameters();
        }

        private long Directions => _bidirectional ? 2 : 1;

        /// <summary>
        /// Takes input [time, batch, inputs] (batch first if so made) and h, c [layers * directions, batch, hidden], zeros by
        /// default;
        /// gives the output [time, batch, hidden * directions] and the last h and c.
        /// </summary>
        public override (torch.Tensor, torch.Tensor, torch.Tensor) forward(
            torch.Tensor input, (torch.Tensor, torch.Tensor)? h0_c0 = null) => Forward(input, h0_c0, bfloat16: false);

        /// <summary>The same, the products of float32 on the CPU with factors rounded to bfloat16 if wanted.</summary>
        internal (torch.Tensor, torch.Tensor, torch.Tensor) Forward(
            torch.Tensor input, (torch.Tensor, torch.Tensor)? h0_c0, bool bfloat16)
        {
            torch.Tensor[] weights = [.. parameters()];
            if (h0_c0 is { } given) return Forward(given.Item1, given.Item2);
            using var zeros = torch.zeros(_layers * Directions, input.size(_batchFirst ? 0 : 1), _hidden, input.dtype, input.device);
            return Forward(zeros, zeros);

            (torch.Tensor, torch.Tensor, torch.Tensor) Forward(torch.Tensor h, torch.Tensor c) => HasKernel(input)
                ? RunLayers(input, h, c, weights, bfloat16)
                : Run.Call3(input, new[] { h, c }, weights, _bias, _layers, _dropout, training, _bidirectional, _batchFirst);
        }

        public new (torch.Tensor, torch.Tensor, torch.Tensor) call(torch.Tensor input, (torch.Tensor, torch.Tensor)? h0_c0 = null) =>
            base.call(input, h0_c0);

        /// <summary>Lays the parameters side by side in a GPU's memory, as cuDNN wants them; nothing to do elsewhere.</summary>
        public void flatten_parameters()
        {
            torch.Tensor[] weights = [.. parameters()];
            if (!weights[0].is_cuda || weights[0].dtype == torch.ScalarType.BFloat16 || !torch.cuda.is_cudnn_available()) return;
            using var mode = torch.no_grad();
            Flatten.Call(
                weights, _bias ? 4 : 2, _inputs, CudnnLstm, _hidden, 0, _layers, _batchFirst, _bidirectional).Dispose();
        }

        private bool HasKernel(torch.Tensor input) =>
            LibTorch.IsTuned && input.device_type == DeviceType.CPU && input.dtype == torch.ScalarType.Float32 && input.dim() == 3 && input.numel() > 0 &&
            !_batchFirst && !_bidirectional && (_dropout == 0 || !training);

        private (torch.Tensor, torch.Tensor, torch.Tensor) RunLayers(
            torch.Tensor x, torch.Tensor h, torch.Tensor c, torch.Tensor[] weights, bool bfloat16)
        {
            using var scope = torch.NewDisposeScope();
            var hidden = new torch.Tensor[_layers];
            var cell = new torch.Tensor[_layers];
            int step = _bias ? 4 : 2;
            for (int i = 0; i < _layers; i++)
            {
                var own = weights.AsSpan(i * step, step);
                (x, hidden[i], cell[i]) = RunLayer.Call3(
                    x, h.select(0, i), c.select(0, i), own[0], own[1], _bias ? own[2] : null, _bias ? own[3] : null, bfloat16);
            }
            return (x.MoveToOuterDisposeScope(), torch.stack(hidden).MoveToOuterDisposeScope(), torch.stack(cell).MoveToOuterDisposeScope());
        }

        private protected override void AfterConversion() => flatten_parameters();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <param name="inputSize">Length of an input vector.</param>
            /// <param name="hiddenSize">Length of h and c.</param>
            /// <param name="numLayers">Layers, one upon the other.</param>
            /// <param name="bias">Whether the layers have biases.</param>
            /// <param name="batchFirst">Input and output as [batch, time, ...].</param>
            /// <param name="dropout">Probability of dropout between the layers while training.</param>
            /// <param name="bidirectional">Reads the input in both directions.</param>
            /// <param name="device">Default: the default device.</param>
            /// <param name="dtype">Default: the default type.</param>
            public static Modules.LSTM LSTM(
                long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false,
                double dropout = 0,
                bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}
