using TorchSharp;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>On the CPU the masks of the embedded stack are drawn by all threads.</summary>
internal static partial class Dropout
{
    private static readonly Op s_mask = new("mos::dropout_mask_");

    static partial void NativeFill(Tensor mask, double rate, ref bool isFilled)
    {
        if (mask.device_type == DeviceType.CPU && mask.dtype == ScalarType.Float32)
        {
            s_mask.InPlace(mask, rate);
            isFilled = true;
        }
    }
}
