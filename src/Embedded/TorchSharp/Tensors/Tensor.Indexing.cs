using System.Runtime.CompilerServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op IndexGet = new("index.Tensor"), IndexPut_ = new("index_put_");

        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Places(indices));
            set => index_put_(value, Places(indices));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index(Places([i1]));
            set => index_put_(value, Places([i1]));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(Places([i1, i2]));
            set => index_put_(value, Places([i1, i2]));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(Places([i1, i2, i3]));
            set => index_put_(value, Places([i1, i2, i3]));
        }

        public Tensor index(params Tensor[] indices) => index(Tensors(indices));

        /// <summary>A view where only places and ranges stand in the index; a copy where a tensor does.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = Resolve(indices);
            if (tensors is null) return view;
            using (view) return IndexGet.Call(view, Arg.Optional(tensors));
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, Tensors(indices));

        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Tensors(indices));

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor number = value;
            return index_put_(number, indices);
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var (view, tensors) = Resolve(indices);
            using (view)
            {
                if (tensors is null)
                {
                    view.copy_(value);
                }
                else
                {
                    using var fitting = value.to(view.dtype, view.device);
                    IndexPut_.InPlace(view, Arg.Optional(tensors), fitting);
                }
            }
            return this;
        }

        /// <summary>
        /// Applies what makes a view (places, ranges, new dimensions); returns it with the index tensors, one a dimension of the
        /// view
        /// and null where all of it is taken, or with null when there are none.
        /// </summary>
        private (Tensor View, Tensor?[]? Tensors) Resolve(TensorIndex[] indices)
        {
            long named = indices.Sum(Consumed);
            if (named > ndim) throw new ArgumentException($"{named} indices for a tensor of {ndim} dimensions.");
            var view = alias();
            var tensors = new List<Tensor?>();
            bool ellipsis = false;
            long rest = ndim - named;
            int dim = 0;
            foreach (var part in indices)
            {
                switch (part.Kind)
                {
                    case TensorIndex.Form.Single:
                        Replace(ref view, Select.Call(view, dim, part.Start!.Value));
                        break;
                    case TensorIndex.Form.Slice:
                        Replace(ref view, Slice.Call(view, dim++, part.Start, part.Stop, part.Step ?? 1));
                        break;
                    case TensorIndex.Form.None:
                        Replace(ref view, view.unsqueeze(dim++));
                        break;
                    case TensorIndex.Form.Bool:
                        Replace(ref view, view.unsqueeze(dim));
                        PutAt(tensors, dim++, tensor(part.Start != 0, device: device).reshape(1));
                        break;
                    case TensorIndex.Form.Tensor:
                        PutAt(tensors, dim, part.Places!);
                        dim += (int)Consumed(part);
                        break;
                    default:
                        if (ellipsis) throw new ArgumentException("An index holds one ellipsis at most.");
                        ellipsis = true;
                        dim += (int)rest;
                        break;
                }
            }
            return (view, tensors.Count == 0 ? null : [.. tensors]);
        }

        // A tensor of truth values stands for as many dimensions as it has.
        private static long Consumed(TensorIndex part) => part.Kind switch
        {
            TensorIndex.Form.Single or TensorIndex.Form.Slice => 1,
            TensorIndex.Form.Tensor => part.Places!.dtype is ScalarType.Bool or ScalarType.Byte ? part.Places.ndim : 1,
            _ => 0,
        };

        // A mask of several dimensions fills one entry, and libtorch spreads it over its dimensions itself.
        private static void PutAt(List<Tensor?> tensors, int dim, Tensor index)
        {
            int entries = tensors.Sum(t => t is null ? 1 : (int)Consumed(TensorIndex.Tensor(t)));
            for (; entries < dim; entries++) tensors.Add(null);
            tensors.Add(index);
        }

        private static void Replace(ref Tensor view, Tensor next)
        {
            view.Dispose();
            view = next;
        }

        private static TensorIndex[] Places(long[] places) => Array.ConvertAll(places, place => (TensorIndex)place);

        private static TensorIndex[] Tensors(Tensor[] tensors) => Array.ConvertAll(tensors, TensorIndex.Tensor);
    }
}
