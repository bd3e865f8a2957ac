using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>
/// Has the recurrent layers of a network throw what libtorch throws when a GPU fails, in the words of PyTorch's sources. In float64 there are
/// libtorch's own layers on a CPU too, which tell of their calls.
/// </summary>
internal static class FailingDevice
{
    public const string Full =
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8.00 GiB of which 1.00 GiB is free.\n" +
        "Exception raised from malloc at ../c10/cuda/CUDACachingAllocator.cpp:1446";

    public const string Vanished =
        "CUDA error: unspecified launch failure\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace " +
        "below might be incorrect.\nException raised from c10_cuda_check_implementation";

    /// <summary>Has the network compute in float64, and throw at each pass of a layer over more words than fit.</summary>
    /// <returns>How many words each pass of a layer had that was let through.</returns>
    public static List<long> Install(LanguageModelNetwork network, string error, Func<long, bool> fits)
    {
        List<long> passes = [];
        network.to(ScalarType.Float64);
        foreach (LSTM lstm in network.modules().OfType<LSTM>())
        {
            lstm.register_forward_pre_hook((_, x_t_b_d, state) =>
            {
                long words = x_t_b_d.shape[0] * x_t_b_d.shape[1];
                if (!fits(words))
                {
                    throw new InvalidOperationException(error);
                }

                passes.Add(words);
                return (x_t_b_d, state);
            });
        }

        return passes;
    }
}
