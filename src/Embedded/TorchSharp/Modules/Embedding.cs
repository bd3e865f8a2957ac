using TorchSharp.Native;

namespace TorchSharp.Modules
{
    /// <summary>A table of vectors, looked up by number.</summary>
    public sealed class Embedding : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private static readonly Op Lookup = new("embedding"), Renorm_ = new("embedding_renorm_");

        private readonly long _padding;
        private readonly (double Max, double P)? _norm;
        private readonly bool _scaleByFrequency;
        private readonly bool _sparse;
        private Parameter _weight = null!;

        internal Embedding(Parameter table, long? padding, (double Max, double P)? norm, bool scaleByFrequency, bool sparse)
            : base(nameof(Embedding))
        {
            ComponentsAreRegistered();
            (_padding, _norm, _scaleByFrequency, _sparse) = (padding ?? -1, norm, scaleByFrequency, sparse);
            weight = table;
        }

        public Parameter? weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value!);
        }

        public override torch.Tensor forward(torch.Tensor input)
        {
            if (_norm is { } norm)
                using (torch.no_grad())
                    Renorm_.InPlace(_weight, input.contiguous(), norm.Max, norm.P);
            return Lookup.Call(_weight, input, _padding, _scaleByFrequency, _sparse);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <param name="num_embeddings">Rows of the table.</param>
            /// <param name="embedding_dims">Length of a row.</param>
            /// <param name="padding_idx">A row that stays zero and takes no gradient.</param>
            /// <param name="max_norm">Rows longer than this are scaled down when they are looked up.</param>
            /// <param name="norm_type">The p of that norm.</param>
            /// <param name="scale_grad_by_freq">Divides a row's gradient by how often it was looked up.</param>
            /// <param name="sparse">Gives the gradient as a sparse tensor.</param>
            /// <param name="device">Default: the default device.</param>
            /// <param name="dtype">Default: the default type.</param>
            public static Modules.Embedding Embedding(
                long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                var table = randn(num_embeddings, embedding_dims, dtype, device);
                if (padding_idx is { } padding)
                {
                    using var row = table.select(0, padding);
                    row.zero_();
                }
                return Lookup(Fresh.Own(table), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            }

            /// <summary>A table with given values, copied; frozen unless said otherwise.</summary>
            public static Modules.Embedding Embedding_from_pretrained(
                Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                var table = embeddings.detach().to(dtype ?? embeddings.dtype, device ?? embeddings.device, copy: true);
                return Lookup(Fresh.Own(table, !freeze), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            }

            private static Modules.Embedding Lookup(
                Modules.Parameter table, long? padding, double? maxNorm, double p, bool scaleByFrequency, bool sparse) =>
                new(table, padding, maxNorm is { } max ? (max, p) : null, scaleByFrequency, sparse);
        }
    }
}
