namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Writes the elements in row-major order; a contiguous tensor, as in the official package.</summary>
        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            if (!is_contiguous())
                throw new NotImplementedException("Only contiguous tensors are written: call contiguous() first.");
            using var here = to(CPU);
            using var memory = new UnmanagedMemoryStream((byte*)here.Pointer(), here.numel() * here.element_size());
            memory.CopyTo(stream, bufferSize);
        }

        /// <summary>Reads the elements in row-major order.</summary>
        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            using var grad = no_grad();
            bool direct = is_cpu() && is_contiguous();
            using var here = direct ? alias() : empty(shape, dtype, CPU);
            var start = (byte*)here.Pointer();
            for (long left = here.numel() * here.element_size(); left > 0;)
            {
                var part = new Span<byte>(start, (int)Math.Min(left, int.MaxValue));
                stream.ReadExactly(part);
                start += part.Length;
                left -= part.Length;
            }
            if (!direct) copy_(here);
        }
    }
}
