using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op View = new("view"), Reshape = new("reshape"), Squeeze = new("squeeze"),
            SqueezeDim = new("squeeze.dim"), Squeeze_ = new("squeeze_"), SqueezeDim_ = new("squeeze_.dim"),
            Unsqueeze = new("unsqueeze"), Unsqueeze_ = new("unsqueeze_"), Transpose = new("transpose.int"),
            Transpose_ = new("transpose_"), TransposeMatrix = new("t"), Permute = new("permute"), Expand = new("expand"),
            Flatten = new("flatten.using_ints"), Unflatten = new("unflatten.int"), Narrow = new("narrow"),
            Slice = new("slice.Tensor"), Select = new("select.int"), Split = new("split.Tensor"),
            SplitSizes = new("split_with_sizes"), Chunk = new("chunk"), Unbind = new("unbind.int"),
            Movedim = new("movedim.intlist"), Repeat = new("repeat"), Tile = new("tile"),
            RepeatInterleave = new("repeat_interleave.self_int"), RepeatInterleaveEach = new("repeat_interleave.self_Tensor"),
            Roll = new("roll"), Flip = new("flip"), Diag = new("diag"), Diagonal = new("diagonal"),
            DiagEmbed = new("diag_embed"), Tril = new("tril"), Tril_ = new("tril_"), Triu = new("triu"), Triu_ = new("triu_"),
            Unfold = new("unfold"), AsStrided = new("as_strided");

        public Tensor T => Permute.Call(this, Enumerable.Range(1, (int)ndim).Select(d => ndim - d).ToArray());

        public Tensor mT => transpose(-2, -1);

        public Tensor view(params long[] shape) => View.Call(this, shape);
        public Tensor view_as(Tensor other) => view(other.shape);
        public Tensor reshape(params long[] shape) => Reshape.Call(this, shape);
        public Tensor squeeze(long? dim = null) => dim is { } d ? SqueezeDim.Call(this, d) : Squeeze.Call(this);
        public Tensor squeeze_(long? dim = null) => dim is { } d ? SqueezeDim_.InPlace(this, d) : Squeeze_.InPlace(this);
        public Tensor unsqueeze(long dim) => Unsqueeze.Call(this, dim);
        public Tensor unsqueeze_(long dim) => Unsqueeze_.InPlace(this, dim);
        public Tensor transpose(long dim0, long dim1) => Transpose.Call(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Transpose_.InPlace(this, dim0, dim1);
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor t() => TransposeMatrix.Call(this);
        public Tensor permute(params long[] permutation) => Permute.Call(this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => Permute.Call(this, permutation.ToArray());
        public Tensor movedim(long[] source, long[] destination) => Movedim.Call(this, source, destination);
        public Tensor expand(params long[] sizes) => Expand.Call(this, sizes);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Expand.Call(this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Expand.Call(this, sizes.ToArray(), isImplicit);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor broadcast_to(params long[] shape) => expand(shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Flatten.Call(this, start_dim, end_dim);
        public Tensor ravel() => reshape(-1);
        public Tensor unflatten(long dim, params long[] sizes) => Unflatten.Call(this, dim, sizes);

        public Tensor narrow(long dim, long start, long length) => Narrow.Call(this, dim, start, length);
        public Tensor slice(long dim, long start, long finish, long step) => Slice.Call(this, dim, start, finish, step);
        public Tensor select(long dim, long index) => Select.Call(this, dim, index);
        public Tensor unfold(long dimension, long size, long step) => Unfold.Call(this, dimension, size, step);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            AsStrided.Call(this, size, strides, storageOffset);

        public Tensor[] split(long size, int dim = 0) => Split.CallList(this, size, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => SplitSizes.CallList(this, sizes, dim);
        public Tensor[] split(params long[] sizes) => SplitSizes.CallList(this, sizes);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);
        public Tensor[] chunk(long chunks, long dim = 0) => Chunk.CallList(this, chunks, dim);
        public Tensor[] unbind(long dimension = 0) => Unbind.CallList(this, dimension);

        public Tensor repeat(params long[] sizes) => Repeat.Call(this, sizes);
        public Tensor tile(long[] reps) => Tile.Call(this, reps);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            RepeatInterleave.Call(this, repeats, dim, output_size);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            RepeatInterleaveEach.Call(this, repeats, dim, output_size);
        public Tensor roll(long shifts, long? dims = null) => Roll.Call(this, new[] { shifts }, dims is { } d ? new[] { d } : []);
        public Tensor roll(long[] shifts) => Roll.Call(this, shifts);
        public Tensor roll(long[] shifts, long[] dims) => Roll.Call(this, shifts, dims);
        public Tensor flip(params long[] dims) => Flip.Call(this, dims);

        public Tensor diag(long diagonal = 0) => Diag.Call(this, diagonal);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => DiagEmbed.Call(this, offset, dim1, dim2);
        public Tensor tril(long diagonal = 0) => Tril.Call(this, diagonal);
        public Tensor tril_(long diagonal = 0) => Tril_.InPlace(this, diagonal);
        public Tensor triu(long diagonal = 0) => Triu.Call(this, diagonal);
        public Tensor triu_(long diagonal = 0) => Triu_.InPlace(this, diagonal);
    }
}
