using System.Runtime.InteropServices;
using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The elements themselves.</summary>
    public partial class Tensor
    {
        private static readonly Op Copy_ = new("copy_"), Fill_ = new("fill_.Scalar"), Zero_ = new("zero_"),
            Set_ = new("set_.source_Tensor"), Item = new("item");

        /// <summary>The raw bytes of a contiguous tensor on the CPU.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous())
                    throw new NotImplementedException("bytes is for contiguous tensors: call contiguous() first.");
                return new Span<byte>(Pointer(), checked((int)(numel() * element_size())));
            }

            set
            {
                if (!value.TryCopyTo(bytes) || value.Length != bytes.Length)
                    throw new ArgumentException($"{value.Length} bytes do not fit a tensor of {bytes.Length} bytes.");
            }
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            Require<T>();
            return new TensorAccessor<T>(this);
        }

        /// <summary>The only element of a CPU tensor; T must be the exact type.</summary>
        public unsafe T item<T>() where T : unmanaged
        {
            var description = Describe();
            if (description.Elements != 1)
                throw new ArgumentException($"item is for tensors of one element; this one has {description.Elements}.");
            Require<T>();
            T value = *(T*)Pointer();
            GC.KeepAlive(this);
            return value;
        }

        /// <summary>The only element, from any device.</summary>
        public Scalar ToScalar() => new(Item.CallValue(this));

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Copy_.InPlace(this, source, nonBlocking);

        public Tensor fill_(Scalar value) => Fill_.InPlace(this, value);

        public Tensor zero_() => Zero_.InPlace(this);

        /// <summary>Makes this tensor share the storage, shape and strides of another.</summary>
        public Tensor set_(Tensor source) => Set_.InPlace(this, source);

        internal unsafe void* Pointer()
        {
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException($"The elements are on {device}: move the tensor to the cpu before reading them.");
            void* pointer;
            LibTorch.Check(LibTorch.mos_tensor_data(Handle, &pointer));
            return pointer;
        }

        /// <summary>The type of T as an element; null when no tensor has such elements.</summary>
        internal static ScalarType? ElementType<T>() => Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Byte => ScalarType.Byte,
            TypeCode.SByte => ScalarType.Int8,
            TypeCode.Int16 => ScalarType.Int16,
            TypeCode.Int32 => ScalarType.Int32,
            TypeCode.Int64 => ScalarType.Int64,
            TypeCode.Single => ScalarType.Float32,
            TypeCode.Double => ScalarType.Float64,
            TypeCode.Boolean => ScalarType.Bool,
            _ when typeof(T) == typeof(Half) => ScalarType.Float16,
            _ => null,
        };

        private void Require<T>()
        {
            if (ElementType<T>() is not { } type || type != dtype)
                throw new ArgumentException($"{typeof(T).Name} is not the type of the elements, {dtype}.");
        }
    }
}
