using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Native;

/// <summary>
/// The C ABI of src/Embedded/LibTorch/door.h. Calls that only read fields skip the switch of the garbage collector's mode.
/// </summary>
internal static unsafe class LibTorch
{
    private const string Library = "mos_torch";

    static LibTorch()
    {
        SlowBlas.Warn();
        if (!IsTuned) return;
        mos_keep_memory();
        Threads.UseProcessors();
    }

    [DllImport(Library), SuppressGCTransition] private static extern byte* mos_error();
    [DllImport(Library)] internal static extern void mos_free(void* memory);
    [DllImport(Library)] private static extern bool mos_is_tuned();
    [DllImport(Library)] private static extern void mos_keep_memory();

    [DllImport(Library)] internal static extern bool mos_operator_find(byte* name, byte* overload, nint* found);
    [DllImport(Library)]
    internal static extern int mos_operator_call(nint op, Value* arguments, int count, Value* results, int capacity);

    [DllImport(Library)]
    internal static extern bool mos_tensor_from_memory(void* data, long* sizes, int dimensions, int dtype, nint* result);

    [DllImport(Library)] internal static extern void mos_tensor_release(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern void mos_tensor_describe(nint tensor, Description* description);
    [DllImport(Library), SuppressGCTransition] internal static extern bool mos_tensor_shape(nint tensor, long* sizes, long* strides);
    [DllImport(Library)] internal static extern bool mos_tensor_data(nint tensor, void** data);
    [DllImport(Library)] internal static extern bool mos_tensor_is_leaf(nint tensor);
    [DllImport(Library)] internal static extern bool mos_tensor_set_requires_grad(nint tensor, bool value);
    [DllImport(Library)] internal static extern bool mos_tensor_grad(nint tensor, nint* grad);
    [DllImport(Library)] internal static extern bool mos_tensor_set_grad(nint tensor, nint grad);
    [DllImport(Library)] internal static extern bool mos_tensor_retain_grad(nint tensor);

    [DllImport(Library)]
    internal static extern bool mos_backward(nint* tensors, int count, nint* gradients, int gradientCount,
        bool retainGraph, bool createGraph, nint* inputs, int inputCount);

    [DllImport(Library)]
    internal static extern bool mos_grad(nint* outputs, int outputCount, nint* inputs, int inputCount, nint* gradients,
        int gradientCount, bool retainGraph, bool createGraph, bool allowUnused, nint* results);

    [DllImport(Library), SuppressGCTransition] internal static extern bool mos_grad_mode();
    [DllImport(Library), SuppressGCTransition] internal static extern void mos_set_grad_mode(bool enabled);
    [DllImport(Library), SuppressGCTransition] internal static extern bool mos_inference_mode();
    [DllImport(Library)] internal static extern nint mos_inference_mode_enter(bool enabled);
    [DllImport(Library)] internal static extern void mos_inference_mode_leave(nint guard);

    [DllImport(Library)] internal static extern bool mos_generator_create(int deviceType, int deviceIndex, nint* result);
    [DllImport(Library)] internal static extern bool mos_generator_default(int deviceType, int deviceIndex, nint* result);
    [DllImport(Library)] internal static extern void mos_generator_release(nint generator);
    [DllImport(Library)] internal static extern bool mos_generator_set_seed(nint generator, ulong seed);
    [DllImport(Library)] internal static extern bool mos_generator_new_seed(nint generator, ulong* seed);
    [DllImport(Library)] internal static extern ulong mos_generator_seed(nint generator);
    [DllImport(Library)] internal static extern bool mos_generator_state(nint generator, nint* state);
    [DllImport(Library)] internal static extern bool mos_generator_set_state(nint generator, nint state);

    [DllImport(Library)] internal static extern int mos_threads();
    [DllImport(Library)] internal static extern bool mos_set_threads(int count);
    [DllImport(Library)] internal static extern int mos_interop_threads();
    [DllImport(Library)] internal static extern bool mos_set_interop_threads(int count);
    [DllImport(Library)] internal static extern int mos_default_dtype();
    [DllImport(Library)] internal static extern bool mos_set_default_dtype(int dtype);
    [DllImport(Library)] internal static extern int mos_cuda_device_count();
    [DllImport(Library)] internal static extern bool mos_cuda_has_cudnn();
    [DllImport(Library)] internal static extern bool mos_cuda_synchronize(int index);
    [DllImport(Library)] internal static extern byte* mos_version();
    [DllImport(Library)] internal static extern byte* mos_blas();

    /// <summary>Whether this library does what it does faster than libtorch: unless MOS_LIBTORCH is "plain".</summary>
    internal static bool IsTuned { get; } = mos_is_tuned();

    internal static string Version => Marshal.PtrToStringUTF8((nint)mos_version())!;

    internal static string Blas => Marshal.PtrToStringUTF8((nint)mos_blas())!;

    /// <summary>The failure of the last call on this thread, as the official package would throw it.</summary>
    internal static Exception LastError() => new ExternalException(Marshal.PtrToStringUTF8((nint)mos_error()));

    internal static void Check(bool succeeded)
    {
        if (!succeeded) throw LastError();
    }
}
