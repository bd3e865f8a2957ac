using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Reading and writing at places that another tensor names.</summary>
    public partial class Tensor
    {
        private static readonly Op IndexSelect = new("index_select"), Gather = new("gather"), Take = new("take"),
            Scatter = new("scatter.src"), Scatter_ = new("scatter_.src"), ScatterAdd = new("scatter_add"),
            ScatterAdd_ = new("scatter_add_"), IndexAdd = new("index_add"), IndexAdd_ = new("index_add_"),
            IndexCopy = new("index_copy"), IndexCopy_ = new("index_copy_"), IndexFill = new("index_fill.int_Scalar"),
            IndexFill_ = new("index_fill_.int_Scalar"), MaskedFill = new("masked_fill.Scalar"),
            MaskedFill_ = new("masked_fill_.Scalar"), MaskedSelect = new("masked_select"), MaskedScatter = new("masked_scatter"),
            Nonzero = new("nonzero"), TakeAlong = new("take_along_dim"), Bucketize = new("bucketize.Tensor");

        public Tensor index_select(long dim, Tensor index) => IndexSelect.Call(this, dim, index);
        public Tensor gather(long dim, Tensor index) => Gather.Call(this, dim, index);
        public Tensor take(Tensor index) => Take.Call(this, index);
        public Tensor take_along_dim(Tensor indices, long dim) => TakeAlong.Call(this, indices, dim);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Scatter.Call(this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Scatter_.InPlace(this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => ScatterAdd.Call(this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => ScatterAdd_.InPlace(this, dim, index, src);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            IndexAdd.Call(this, dim, index, source, alpha);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            IndexAdd_.InPlace(this, dim, index, source, alpha);
        public Tensor index_copy(long dim, Tensor index, Tensor source) => IndexCopy.Call(this, dim, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => IndexCopy_.InPlace(this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => IndexFill.Call(this, dim, index, value);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => IndexFill_.InPlace(this, dim, index, value);
        public Tensor masked_fill(Tensor mask, Scalar value) => MaskedFill.Call(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => MaskedFill_.InPlace(this, mask, value);
        public Tensor masked_select(Tensor mask) => MaskedSelect.Call(this, mask);
        public Tensor masked_scatter(Tensor mask, Tensor value) => MaskedScatter.Call(this, mask, value);

        /// <summary>The places of the elements that are not zero: one row an element, one column a dimension.</summary>
        public Tensor nonzero() => Nonzero.Call(this);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            Bucketize.Call(this, boundaries, outInt32, right);
    }
}
