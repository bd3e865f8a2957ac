using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static class linalg
    {
        private static readonly Op Svd = new("linalg_svd"), Svdvals = new("linalg_svdvals"), Qr = new("linalg_qr"),
            Norm = new("linalg_norm"), Det = new("linalg_det"), Inv = new("linalg_inv"), Cholesky = new("linalg_cholesky"),
            Eigvalsh = new("linalg_eigvalsh");

        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) =>
            Svd.Call3(input, fullMatrices);

        public static Tensor svdvals(Tensor input) => Svdvals.Call(input);

        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced) =>
            Qr.Call2(input, mode.ToString().ToLowerInvariant());

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) =>
            Norm.Call(input, Arg.None, dims, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Norm.Call(input, ord, dims, keepdim);

        public static Tensor det(Tensor input) => Det.Call(input);

        public static Tensor inv(Tensor input) => Inv.Call(input);

        public static Tensor cholesky(Tensor input) => Cholesky.Call(input);

        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Eigvalsh.Call(input, UPLO.ToString());
    }
}
