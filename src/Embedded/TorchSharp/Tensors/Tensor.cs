using System.ComponentModel;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// An array of numbers with a shape. It owns native memory: dispose it, or make it within a dispose scope; what is
    /// forgotten is released by the garbage collector, which is told of the memory.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long s_live;
        private static long s_peak;

        private int _kib;
        private nint _handle;

        internal Tensor(nint handle, int kib = 0)
            : this(handle, kib, DisposeScopeManager.Current) => OwningDisposeScope = DisposeScopeManager.Current.Register(this);

        private protected Tensor(Tensor source)
            : this(source._handle, source._kib, DisposeScopeManager.Current)
        {
            // The new object takes the place of the source, in its dispose scope too.
            var scope = source.OwningDisposeScope;
            source._handle = 0;
            source.Forget();
            scope?.MarkAsDisposed(source);
            scope?.Attach(this);
        }

        private Tensor(nint handle, int kib, DisposeScopeManager manager)
        {
            _handle = handle;
            _kib = kib;
            if (kib > 0) GC.AddMemoryPressure((long)kib << 10);
            long live = Interlocked.Increment(ref s_live);
            if (live > s_peak) s_peak = live;
        }

        ~Tensor() => Dispose(false);

        /// <summary>Tensors alive in this process.</summary>
        public static long TotalCount => s_live;

        /// <summary>The largest that TotalCount has been.</summary>
        public static long PeakCount => s_peak;

        public bool IsInvalid => _handle == 0;

        public IntPtr Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Tensor));

        internal DisposeScope? OwningDisposeScope { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            OwningDisposeScope?.MoveToOther(other, this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>Takes the place's content from another tensor, which becomes empty; this one stays the same object.</summary>
        internal void Become(Tensor other)
        {
            (_handle, other._handle) = (other._handle, _handle);
            (_kib, other._kib) = (other._kib, _kib);
            other.Dispose();
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            LibTorch.mos_tensor_release(handle);
            if (disposing) Count();
            Forget();
        }

        // A finalizer runs on a thread of its own, where neither the scope nor its counts may be touched.
        private void Count()
        {
            var counts = DisposeScopeManager.Statistics;
            if (OwningDisposeScope is null) counts.DisposedOutsideScopeCount++;
            else counts.DisposedInScopeCount++;
            OwningDisposeScope?.MarkAsDisposed(this);
        }

        private void Forget()
        {
            GC.SuppressFinalize(this);
            if (_kib > 0) GC.RemoveMemoryPressure((long)_kib << 10);
            Interlocked.Decrement(ref s_live);
        }
    }
}
