using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public unsafe Generator(ulong seed = 0, Device? device = null)
        {
            this.device = InitializeDevice(device);
            nint created;
            LibTorch.Check(LibTorch.mos_generator_create((int)this.device.type, this.device.index, &created));
            _handle = created;
            manual_seed((long)seed);
        }

        private Generator(nint handle, Device device) => (_handle, this.device) = (handle, device);

        ~Generator() => Dispose(false);

        /// <summary>The generator that operators on the CPU draw from when they are given none.</summary>
        public static Generator Default => DefaultOf(CPU);

        public Device device { get; }

        public IntPtr Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Generator manual_seed(long seed)
        {
            LibTorch.Check(LibTorch.mos_generator_set_seed(Handle, (ulong)seed));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Draws a new seed from the system, and returns it.</summary>
        public unsafe long seed()
        {
            ulong drawn;
            LibTorch.Check(LibTorch.mos_generator_new_seed(Handle, &drawn));
            GC.KeepAlive(this);
            return (long)drawn;
        }

        public long initial_seed()
        {
            ulong seed = LibTorch.mos_generator_seed(Handle);
            GC.KeepAlive(this);
            return (long)seed;
        }

        /// <summary>The whole state, as bytes.</summary>
        public unsafe Tensor get_state()
        {
            nint state;
            LibTorch.Check(LibTorch.mos_generator_state(Handle, &state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            LibTorch.Check(LibTorch.mos_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) LibTorch.mos_generator_release(handle);
        }

        internal static unsafe Generator DefaultOf(Device device)
        {
            nint found;
            LibTorch.Check(LibTorch.mos_generator_default((int)device.type, device.index, &found));
            return new Generator(found, device);
        }
    }
}
