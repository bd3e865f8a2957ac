namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// Moving to another device or element type. Parameters stay the same objects, so that optimizers keep their hold.
        /// </summary>
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking) =>
                Convert(device, dtype, non_blocking);

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                Convert(new Device(deviceType, deviceIndex), null, non_blocking);

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking) => Convert(null, dtype, non_blocking);

            public Module _to(Tensor other, bool non_blocking) => Convert(other.device, other.dtype, non_blocking);

            private Module Convert(Device? device, ScalarType? dtype, bool non_blocking)
            {
                if (dtype is { } type && !type.IsFloatingPoint())
                    throw new ArgumentException($"A module's numbers are floating point; {type} is not.");
                if (device is not null) InitializeDeviceType(device.type);
                using (no_grad())
                {
                    foreach (var tensor in parameters(false)) Convert(tensor, device, dtype, non_blocking);
                    foreach (var tensor in buffers(false)) Convert(tensor, device, dtype, non_blocking);
                }
                foreach (var child in children())
                {
                    if (dtype is null) child._to(device!.type, device.index, non_blocking);
                    else if (device is null) child._to(dtype.Value, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }
                AfterConversion();
                return this;
            }

            /// <summary>For modules that arrange their parameters in memory.</summary>
            private protected virtual void AfterConversion()
            {
            }

            private static void Convert(Tensor tensor, Device? device, ScalarType? dtype, bool non_blocking)
            {
                var type = dtype is { } wanted && tensor.is_floating_point() ? wanted : tensor.dtype;
                bool stays = device is null || (device.type == tensor.device_type && (device.index < 0 || device.index == tensor.device_index));
                if (stays && type == tensor.dtype) return;
                using var grad = tensor.grad;
                bool learned = tensor.requires_grad;
                tensor.Become(tensor.to(type, device ?? tensor.device, non_blocking: non_blocking));
                tensor.requires_grad = learned;
                using var moved = grad?.to(type, device ?? tensor.device);
                if (moved is not null) tensor.grad = moved;
            }
        }
    }
}

public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(device, type, non_blocking);

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(device.type, device.index, non_blocking);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(deviceType, deviceIndex, non_blocking);

    public static T to<T>(this T module, string device, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(new torch.Device(device), non_blocking);

    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(type, non_blocking);

    public static T to<T>(this T module, torch.Tensor other, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(other, non_blocking);

    public static T cpu<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(DeviceType.CPU, -1, non_blocking);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(DeviceType.CUDA, deviceIndex, non_blocking);

    public static T half<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.ScalarType.Float16, non_blocking);

    public static T bfloat16<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.ScalarType.BFloat16, non_blocking);

    public static T @float<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.ScalarType.Float32, non_blocking);

    public static T @double<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.ScalarType.Float64, non_blocking);
}
