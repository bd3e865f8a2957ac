using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Until disposed, operators on this thread record nothing for gradients.</summary>
    public static IDisposable no_grad() => new GradModeScope(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradModeScope(enabled);

    /// <summary>Switches recording on or off at once; disposing what is returned brings back the former mode.</summary>
    public static IDisposable set_grad_enabled(bool mode = true) => new GradModeScope(mode);

    public static bool is_grad_enabled() => LibTorch.mos_grad_mode();

    /// <summary>Like no_grad, and faster: its tensors can never take part in gradients.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceModeScope(mode);

    public static bool is_inference_mode_enabled() => LibTorch.mos_inference_mode();

    private sealed class GradModeScope : IDisposable
    {
        private readonly bool _former = LibTorch.mos_grad_mode();

        internal GradModeScope(bool enabled) => LibTorch.mos_set_grad_mode(enabled);

        public void Dispose() => LibTorch.mos_set_grad_mode(_former);
    }

    private sealed class InferenceModeScope(bool enabled) : IDisposable
    {
        private nint _guard = LibTorch.mos_inference_mode_enter(enabled);

        public void Dispose()
        {
            nint guard = Interlocked.Exchange(ref _guard, 0);
            if (guard != 0) LibTorch.mos_inference_mode_leave(guard);
        }
    }
}
