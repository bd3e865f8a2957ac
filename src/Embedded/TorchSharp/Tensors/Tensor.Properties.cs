using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static long numel(Tensor input) => input.numel();

    public static bool is_tensor(object obj) => obj is Tensor;

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_integral(Tensor t) => t.is_integral();

    public partial class Tensor
    {
        public ScalarType dtype => (ScalarType)Describe().DType;

        public DeviceType device_type => (DeviceType)Describe().DeviceType;

        public int device_index => Describe().DeviceIndex;

        public Device device
        {
            get
            {
                var description = Describe();
                return description.DeviceType == (sbyte)DeviceType.CPU
                    ? CPU
                    : new Device((DeviceType)description.DeviceType, description.DeviceIndex);
            }
        }

        public long Dimensions => Describe().Dimensions;

        public long ndim => Describe().Dimensions;

        public long NumberOfElements => Describe().Elements;

        public long ElementSize => Describe().ElementSize;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Describe().Dimensions];
                fixed (long* s = sizes) LibTorch.Check(LibTorch.mos_tensor_shape(Handle, s, null));
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public bool is_sparse => Describe().IsSparse;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public long dim() => Describe().Dimensions;

        public long numel() => Describe().Elements;

        public long element_size() => Describe().ElementSize;

        public long storage_offset() => Describe().StorageOffset;

        public long[] size() => shape;

        /// <summary>The length of a dimension; negative ones count from the end.</summary>
        public long size(int dim) => At(shape, dim);

        public unsafe long[] stride()
        {
            var strides = new long[Describe().Dimensions];
            fixed (long* s = strides) LibTorch.Check(LibTorch.mos_tensor_shape(Handle, null, s));
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => At(stride(), dim);

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_contiguous() => Describe().IsContiguous;

        public bool is_floating_point() => dtype.IsFloatingPoint();

        public bool is_integral() => dtype.IsIntegral();

        internal unsafe Description Describe()
        {
            Description description;
            LibTorch.mos_tensor_describe(Handle, &description);
            GC.KeepAlive(this);
            return description;
        }

        private static long At(long[] values, int dim) =>
            dim < values.Length && dim >= -values.Length
                ? values[dim < 0 ? dim + values.Length : dim]
                : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"The tensor has {values.Length} dimensions.");
    }
}
