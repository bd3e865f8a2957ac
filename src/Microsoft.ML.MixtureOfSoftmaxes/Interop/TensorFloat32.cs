using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// Door: whether libtorch may round the factors of float32 products to TensorFloat32 on a GPU. Its switches, cuBLAS's and cuDNN's, are the
/// process's: they are set while somebody needs them so and then put back. Threads that need the same compute together, others wait their
/// turn. It has nothing to do with CPUs, which have no TensorFloat32.
/// </summary>
internal static class TensorFloat32
{
    private static readonly object s_gate = new();

    private static int s_users;
    private static int s_waiting;
    private static bool s_isAllowed;
    private static (bool Products, bool Recurrent) s_before;

    [ThreadStatic]
    private static int s_depth;

    /// <summary>
    /// Sets the switches until disposed, on the thread that calls. A use within another keeps the setting of the outer one: to wait for those who
    /// share that would be to wait for oneself.
    /// </summary>
    public static Use Set(bool isAllowed)
    {
        lock (s_gate)
        {
            if (s_depth == 0)
            {
                Wait(isAllowed);
            }

            if (s_users == 0)
            {
                s_before = (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32);
                s_isAllowed = isAllowed;
                Apply((isAllowed, isAllowed));
            }

            s_users++;
            s_depth++;
        }

        return new(isSet: true);
    }

    /// <summary>Until nobody uses another setting; whoever comes after one that waits for that waits as well, so that its turn comes.</summary>
    private static void Wait(bool isAllowed)
    {
        bool mayShare = s_waiting == 0;
        while (s_users > 0 && !(mayShare && s_isAllowed == isAllowed))
        {
            s_waiting++;
            Monitor.Wait(s_gate);
            s_waiting--;
            mayShare = true;
        }
    }

    private static void Release()
    {
        lock (s_gate)
        {
            s_depth--;
            if (--s_users == 0)
            {
                Apply(s_before);
                Monitor.PulseAll(s_gate);
            }
        }
    }

    private static void Apply((bool Products, bool Recurrent) allowed)
    {
        torch.backends.cuda.matmul.allow_tf32 = allowed.Products;
        torch.backends.cudnn.allow_tf32 = allowed.Recurrent;
    }

    /// <summary>A use of the switches; the default is none.</summary>
    public readonly ref struct Use(bool isSet)
    {
        public void Dispose()
        {
            if (isSet)
            {
                Release();
            }
        }
    }
}
