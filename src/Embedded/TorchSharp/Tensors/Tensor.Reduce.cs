using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op Sum = new("sum"), SumDims = new("sum.dim_IntList"), Mean = new("mean"),
            MeanDims = new("mean.dim"), Prod = new("prod"), ProdDim = new("prod.dim_int"), Amax = new("amax"),
            Amin = new("amin"), Max = new("max"), MaxDim = new("max.dim"), Min = new("min"), MinDim = new("min.dim"),
            Median = new("median"), Argmax = new("argmax"), Argmin = new("argmin"), All = new("all"), AllDim = new("all.dim"),
            Any = new("any"), AnyDim = new("any.dim"), Std = new("std"), StdDims = new("std.dim"), Var = new("var"),
            VarDims = new("var.dim"), NormAll = new("norm.Scalar"), NormDim = new("norm.ScalarOpt_dim"),
            Logsumexp = new("logsumexp"), Cumsum = new("cumsum"), Cumprod = new("cumprod"), Logcumsumexp = new("logcumsumexp"),
            CountNonzero = new("count_nonzero.dim_IntList"), Softmax = new("softmax.int"), LogSoftmax = new("log_softmax.int"),
            Topk = new("topk"), Sort = new("sort.stable"), Argsort = new("argsort"), Kthvalue = new("kthvalue"),
            Bincount = new("bincount");

        public Tensor sum(ScalarType? type = null) => Sum.Call(this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            SumDims.Call(this, new[] { dim }, keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            SumDims.Call(this, new[] { dim0, dim1 }, keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            SumDims.Call(this, new[] { dim0, dim1, dim2 }, keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => SumDims.Call(this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            sum(dim.ToArray(), keepdim, type);

        public Tensor mean() => Mean.Call(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            MeanDims.Call(this, dimensions, keepdim, type);

        public Tensor prod(ScalarType? type = null) => Prod.Call(this, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => ProdDim.Call(this, dim, keepdim, type);

        public Tensor amax(params long[] dims) => Amax.Call(this, dims);
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => Into(@out, Amax.Call(this, dims, keepdim));
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            amax(dims.ToArray(), keepdim, @out);
        public Tensor amin(params long[] dims) => Amin.Call(this, dims);
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => Into(@out, Amin.Call(this, dims, keepdim));
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            amin(dims.ToArray(), keepdim, @out);

        public Tensor max() => Max.Call(this);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => MaxDim.Call2(this, dim, keepdim);
        public Tensor min() => Min.Call(this);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => MinDim.Call2(this, dim, keepdim);
        public Tensor median() => Median.Call(this);
        public Tensor argmax() => Argmax.Call(this);
        public Tensor argmax(long dim, bool keepdim = false) => Argmax.Call(this, dim, keepdim);
        public Tensor argmin() => Argmin.Call(this);
        public Tensor argmin(long dim, bool keepdim = false) => Argmin.Call(this, dim, keepdim);

        public Tensor all() => All.Call(this);
        public Tensor all(long dim, bool keepdim = false) => AllDim.Call(this, dim, keepdim);
        public Tensor any() => Any.Call(this);
        public Tensor any(long dim, bool keepdim = false) => AnyDim.Call(this, dim, keepdim);
        public Tensor count_nonzero(long[]? dims = null) => CountNonzero.Call(this, dims ?? []);

        public Tensor std(bool unbiased = true) => Std.Call(this, unbiased);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim], unbiased, keepdim, type);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(StdDims.Call(this, dimensions, unbiased, keepdim), type);
        public Tensor var(bool unbiased = true) => Var.Call(this, unbiased);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim], unbiased, keepdim, type);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(VarDims.Call(this, dimensions, unbiased, keepdim), type);

        public Tensor norm(float p = 2) => NormAll.Call(this, p);
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => NormDim.Call(this, p, new long[] { dim }, keepdim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Logsumexp.Call(this, new[] { dim }, keepdim);
        public Tensor cumsum(long dim, ScalarType? type = null) => Cumsum.Call(this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Cumprod.Call(this, dim, type);
        public Tensor logcumsumexp(long dim) => Logcumsumexp.Call(this, dim);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Softmax.Call(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => LogSoftmax.Call(this, dim, dtype);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Topk.Call2(this, k, dim, largest, sorted);
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Sort.Call2(this, stable, dim, descending);
        public Tensor argsort(long dim = -1, bool descending = false) => Argsort.Call(this, dim, descending);
        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) =>
            Kthvalue.Call2(this, k, dim ?? -1, keepdim);
        public Tensor bincount(Tensor? weights, long minlength = 0) => Bincount.Call(this, weights, minlength);

        private static Tensor Cast(Tensor result, ScalarType? type) =>
            type is { } wanted ? result.to(wanted, disposeAfter: true) : result;

        private static Tensor Into(Tensor? destination, Tensor result)
        {
            if (destination is null) return result;
            using (result) return destination.copy_(result);
        }
    }
}
