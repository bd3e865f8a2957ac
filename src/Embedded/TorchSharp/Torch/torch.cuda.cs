using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static bool cuda_is_available() => cuda.is_available();

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => LibTorch.mos_cuda_has_cudnn();

        public static int device_count() => LibTorch.mos_cuda_device_count();

        /// <summary>Seeds the current device; does nothing without one.</summary>
        public static void manual_seed(long seed)
        {
            if (is_available()) Seed(-1, seed);
        }

        /// <summary>Seeds every device.</summary>
        public static void manual_seed_all(long seed)
        {
            for (int i = 0; i < device_count(); i++) Seed(i, seed);
        }

        /// <summary>Waits until everything queued on the device is done.</summary>
        public static void synchronize(Device? device = null)
        {
            InitializeDeviceType(DeviceType.CUDA);
            LibTorch.Check(LibTorch.mos_cuda_synchronize(device?.index ?? -1));
        }

        private static void Seed(int index, long seed)
        {
            using var generator = Generator.DefaultOf(new Device(DeviceType.CUDA, index));
            generator.manual_seed(seed);
        }
    }
}
