using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op Matmul = new("matmul"), Mm = new("mm"), Bmm = new("bmm"), Mv = new("mv"), Dot = new("dot"),
            Outer = new("outer"), Inner = new("inner"), Addmm = new("addmm"), Addmm_ = new("addmm_"), Addmv = new("addmv"),
            Addr_ = new("addr_"), Baddbmm = new("baddbmm"), Kron = new("kron"), Trace = new("trace");

        public Tensor matmul(Tensor target) => Matmul.Call(this, target);
        public Tensor mm(Tensor target) => Mm.Call(this, target);
        public Tensor bmm(Tensor batch2) => Bmm.Call(this, batch2);
        public Tensor mv(Tensor target) => Mv.Call(this, target);
        public Tensor dot(Tensor target) => Dot.Call(this, target);
        public Tensor outer(Tensor vec2) => Outer.Call(this, vec2);
        public Tensor ger(Tensor vec2) => outer(vec2);
        public Tensor inner(Tensor vec2) => Inner.Call(this, vec2);
        public Tensor kron(Tensor other) => Kron.Call(this, other);
        public Tensor trace() => Trace.Call(this);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Addmm.Call(this, mat1, mat2, beta, alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Addmm_.InPlace(this, mat1, mat2, beta, alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Addmv.Call(this, mat, vec, beta, alpha);
        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) =>
            Addr_.InPlace(this, vec1, vec2, beta, alpha);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Baddbmm.Call(this, batch1, batch2, beta, alpha);
    }
}
