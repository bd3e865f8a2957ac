using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>The LSTM of the embedded stack takes a precision.</summary>
internal sealed partial class WeightDropLstm
{
    partial void NativeCall(
        Tensor x_t_b_d, Tensor hidden, Tensor cell, Precision precision, ref (Tensor, Tensor, Tensor)? result) =>
        result = _lstm.Forward(x_t_b_d, (hidden, cell), bfloat16: precision == Precision.BFloat16);
}
