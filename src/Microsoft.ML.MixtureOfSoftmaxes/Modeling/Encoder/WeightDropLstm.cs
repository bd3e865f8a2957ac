using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// One LSTM layer whose hidden-to-hidden weights can be dropped for a pass (DropConnect, as in AWD-LSTM). In float32 on the CPU it is computed by
/// <see cref="Lstm"/>, elsewhere by libtorch's own operator, that is cuDNN on a GPU.
/// </summary>
internal sealed class WeightDropLstm : nn.Module
{
    [ComponentName(Name = "lstm")]
    private readonly LSTM _lstm;

    private readonly LstmWeights _weights;
    private readonly bool _useKernels;
    private DropoutMask? _dropped;

    public WeightDropLstm(int inputSize, int outputSize, Device device, bool useKernels = true) : base(nameof(WeightDropLstm))
    {
        _lstm = nn.LSTM(inputSize, outputSize, device: device);
        RegisterComponents();
        if (device.type == DeviceType.CUDA)
        {
            // In one piece, as cuDNN reads them: otherwise it puts them together at every call. What changes them later changes them in place.
            _lstm.flatten_parameters();
        }

        Dictionary<string, Parameter> weights = _lstm.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        _weights = new(weights["weight_ih_l0"], weights["weight_hh_l0"], weights["bias_ih_l0"], weights["bias_hh_l0"]);
        _useKernels = useKernels && Lstm.Supports(outputSize);
    }

    /// <summary>x [T, B, in] and the state (h, c), each [1, B, out], to the outputs [T, B, out] and the next state.</summary>
    /// <param name="x_t_b_d">x.</param>
    /// <param name="hidden">h.</param>
    /// <param name="cell">c.</param>
    /// <param name="precision">That of the products, where there is a choice: libtorch's operator computes in float32.</param>
    public (Tensor Output, Tensor Hidden, Tensor Cell) Call(
        Tensor x_t_b_d, Tensor hidden, Tensor cell, Precision precision = Precision.Float32) =>
        UsesKernels
            ? LstmFunction.Apply(Lstm.Choose(_weights, precision == Precision.BFloat16), x_t_b_d, hidden, cell, _weights, _dropped)
            : _lstm.call(x_t_b_d, (hidden, cell));

    /// <summary>
    /// Zeroes recurrent weights for one forward and backward pass, until disposed. The gradient is that with respect to the whole weights: it goes
    /// through the mask; the gradient of earlier passes stays.
    /// </summary>
    public IDisposable DropWeights(Drop drop)
    {
        if (!UsesKernels)
        {
            return new DroppedInPlace(_weights.Recurrent, drop);
        }

        _dropped = drop.OfPass;
        return new Dropped(this);
    }

    // A module may be moved after it was made, to another device or type.
    private bool UsesKernels =>
        _useKernels && _weights.Recurrent.device_type == DeviceType.CPU && _weights.Recurrent.dtype == ScalarType.Float32;

    private sealed class Dropped(WeightDropLstm layer) : IDisposable
    {
        public void Dispose() => layer._dropped = null;
    }

    /// <summary>
    /// Libtorch's operator reads the weights where they are: so they are masked there. Disposing puts the whole weights back bit by bit, and takes
    /// the mask over to the gradient of this pass.
    /// </summary>
    private sealed class DroppedInPlace : IDisposable
    {
        private readonly Tensor _weight;
        private readonly Tensor _whole;
        private readonly Tensor _mask;
        private readonly Tensor? _earlierGradient;

        public DroppedInPlace(Tensor weight, Drop drop)
        {
            _weight = weight;
            using IDisposable noGrad = no_grad();
            _whole = weight.detach().clone();
            _mask = Dropout.OfWeight(_whole, drop);
            weight.mul_(_mask);
            _earlierGradient = weight.grad?.clone();
            weight.grad?.zero_();
        }

        public void Dispose()
        {
            using IDisposable noGrad = no_grad();
            _weight.copy_(_whole);
            _weight.grad?.mul_(_mask);
            if (_earlierGradient is not null)
            {
                _weight.grad!.add_(_earlierGradient);
                _earlierGradient.Dispose();
            }

            _whole.Dispose();
            _mask.Dispose();
        }
    }
}
