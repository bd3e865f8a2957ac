using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of libtorch this runs on.</summary>
    public static string __version__ => LibTorch.Version;

    public static int get_num_threads() => LibTorch.mos_threads();

    public static void set_num_threads(int num) => LibTorch.Check(LibTorch.mos_set_threads(num));

    public static int get_num_interop_threads() => LibTorch.mos_interop_threads();

    public static void set_num_interop_threads(int num) => LibTorch.Check(LibTorch.mos_set_interop_threads(num));
}
