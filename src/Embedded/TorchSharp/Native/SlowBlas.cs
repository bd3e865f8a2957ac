namespace TorchSharp.Native;

/// <summary>Says once, on standard error, that matrix products run on the reference BLAS.</summary>
internal static class SlowBlas
{
    internal static void Warn()
    {
        if (IsSlow(LibTorch.Blas))
            Console.Error.WriteLine(
                $"warning: libtorch uses the reference BLAS ({LibTorch.Blas}), about 45 times slower than OpenBLAS in matrix products; " +
                "./build/setup.sh installs OpenBLAS.");
    }

    // Netlib's library lives in a directory of its own name; the fast ones (openblas-pthread, blis, atlas, mkl) in theirs.
    internal static bool IsSlow(string path) => Path.GetFileName(Path.GetDirectoryName(path)) is "blas" or "lapack";
}
