using System.Runtime.ExceptionServices;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// What goes wrong in the backward half of a function of our own: libtorch calls it, and an exception that got there would end the process. It is
/// kept until the way back is over.
/// </summary>
internal static class BackwardError
{
    [ThreadStatic]
    private static Exception? s_error;

    /// <summary>Runs a part of the way back.</summary>
    public static void Catch(Action backward)
    {
        try
        {
            backward();
        }
        catch (Exception e)
        {
            s_error ??= e;
        }
    }

    /// <summary>The way back from outputs with their gradients, to all that they were made of.</summary>
    public static void Backward(IList<torch.Tensor> outputs, IList<torch.Tensor> gradients)
    {
        torch.autograd.backward(outputs, gradients);
        if (Interlocked.Exchange(ref s_error, null) is Exception error)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }
}
