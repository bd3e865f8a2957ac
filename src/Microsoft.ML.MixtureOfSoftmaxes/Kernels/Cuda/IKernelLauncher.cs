namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Runs kernels of CUDA C by their names. What a kernel does is seen by all that libtorch does after it.</summary>
internal interface IKernelLauncher
{
    /// <summary>Runs a kernel.</summary>
    /// <param name="kernel">Its name.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="threads">The threads of each, a multiple of 32.</param>
    /// <param name="arguments">One 64-bit slot an argument, the first bytes of which count.</param>
    void Launch(string kernel, int blocks, int threads, params ReadOnlySpan<long> arguments);
}
