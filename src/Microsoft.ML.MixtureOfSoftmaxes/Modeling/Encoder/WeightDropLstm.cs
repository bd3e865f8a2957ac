using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>One LSTM layer whose hidden-to-hidden weights can be dropped for a pass (DropConnect, as in AWD-LSTM).</summary>
internal sealed class WeightDropLstm : nn.Module
{
    [ComponentName(Name = "lstm")]
    private readonly LSTM _lstm;

    public WeightDropLstm(int inputSize, int outputSize, Device device) : base(nameof(WeightDropLstm))
    {
        _lstm = nn.LSTM(inputSize, outputSize, device: device);
        RegisterComponents();
    }

    /// <summary>x [T, B, in] and the state (h, c), each [1, B, out], to the outputs [T, B, out] and the next state.</summary>
    public (Tensor Output, Tensor Hidden, Tensor Cell) Call(Tensor x_t_b_d, Tensor hidden, Tensor cell) =>
        _lstm.call(x_t_b_d, (hidden, cell));

    /// <summary>
    /// Zeroes recurrent weights for one forward and backward pass. Disposing puts the whole weights back and takes the mask over
    /// to the gradient of this pass, which is that with respect to the whole weights; the gradient of earlier passes stays.
    /// </summary>
    public IDisposable DropWeights(double rate) =>
        new Dropped(_lstm.named_parameters().Single(p => p.name == "weight_hh_l0").parameter, rate);

    private sealed class Dropped : IDisposable
    {
        private readonly Parameter _weight;
        private readonly Tensor _whole;
        private readonly Tensor _mask;
        private readonly Tensor? _earlierGradient;

        public Dropped(Parameter weight, double rate)
        {
            _weight = weight;
            using IDisposable noGrad = no_grad();
            _whole = weight.detach().clone();
            _mask = Dropout.Mask(_whole, rate, _whole.shape);
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
