using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cuda;

/// <summary>The kernels for GPUs, compiled from the very source for the processor: it runs what a GPU would, only not at once.</summary>
internal sealed unsafe class KernelsOnCpu : IKernelLauncher
{
    private static readonly Lazy<KernelsOnCpu> s_shared = new(Compile);

    private readonly delegate* unmanaged<byte*, int, int, void**, int> _launch;

    private KernelsOnCpu(nint library) =>
        _launch = (delegate* unmanaged<byte*, int, int, void**, int>)NativeLibrary.GetExport(library, "launch");

    /// <summary>Those of all tests, compiled at the first use; the calling test is skipped where there is no compiler.</summary>
    public static KernelsOnCpu Shared => s_shared.Value;

    private static KernelsOnCpu Compile()
    {
        using var folder = new TemporaryFolder();
        string[] here = ["OnCpu.h", "OnCpu.cpp"];
        foreach (string file in here)
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Kernels", "Cuda", file), folder.PathOf(file));
        }

        File.WriteAllText(folder.PathOf("Kernels.cu"), CudaModule.Source());
        string library = folder.PathOf("kernels.so");
        try
        {
            // The warnings of a second compiler are worth having; that of loops to unroll it does not know.
            Programs.Output(
                "c++", "-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-shared", "-fPIC", folder.PathOf("OnCpu.cpp"),
                "-o", library);
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive("There is no C++ compiler (c++) on the PATH to try the kernels for GPUs with.");
        }

        return new(NativeLibrary.Load(library));
    }

    public void Launch(string kernel, int blocks, int threads, params ReadOnlySpan<long> arguments)
    {
        void** places = stackalloc void*[arguments.Length];
        fixed (byte* name = Encoding.ASCII.GetBytes(kernel + '\0'))
        fixed (long* first = arguments)
        {
            for (int i = 0; i < arguments.Length; i++)
            {
                places[i] = first + i;
            }

            Assert.AreEqual(0, _launch(name, blocks, threads, places), kernel);
        }
    }
}
