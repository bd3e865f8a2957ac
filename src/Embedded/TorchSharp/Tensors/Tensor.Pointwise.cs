using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Functions of one element.</summary>
    public partial class Tensor
    {
        private static readonly Op Abs = new("abs"), Abs_ = new("abs_"), Neg = new("neg"), Neg_ = new("neg_"),
            Exp = new("exp"), Exp_ = new("exp_"), Exp2 = new("exp2"), Expm1 = new("expm1"), Expm1_ = new("expm1_"),
            Log = new("log"), Log_ = new("log_"), Log2 = new("log2"), Log2_ = new("log2_"), Log10 = new("log10"),
            Log10_ = new("log10_"), Log1p = new("log1p"), Log1p_ = new("log1p_"), Sqrt = new("sqrt"), Sqrt_ = new("sqrt_"),
            Rsqrt = new("rsqrt"), Rsqrt_ = new("rsqrt_"), Reciprocal = new("reciprocal"), Reciprocal_ = new("reciprocal_"),
            Sin = new("sin"), Sin_ = new("sin_"), Cos = new("cos"), Cos_ = new("cos_"), Tan = new("tan"), Tan_ = new("tan_"),
            Asin = new("asin"), Asin_ = new("asin_"), Acos = new("acos"), Acos_ = new("acos_"), Atan = new("atan"),
            Atan_ = new("atan_"), Sinh = new("sinh"), Sinh_ = new("sinh_"), Cosh = new("cosh"), Cosh_ = new("cosh_"),
            Tanh = new("tanh"), Tanh_ = new("tanh_"), Sigmoid = new("sigmoid"), Sigmoid_ = new("sigmoid_"), Relu = new("relu"),
            Relu_ = new("relu_"), Silu = new("silu"), Silu_ = new("silu_"), Floor = new("floor"), Floor_ = new("floor_"),
            Ceil = new("ceil"), Ceil_ = new("ceil_"), Round = new("round.decimals"), Round_ = new("round_.decimals"),
            Trunc = new("trunc"), Trunc_ = new("trunc_"), Frac = new("frac"), Frac_ = new("frac_"), Sign = new("sign"),
            Sign_ = new("sign_"), Erf = new("erf"), Erf_ = new("erf_"), Erfc = new("erfc"), Erfc_ = new("erfc_"),
            Erfinv = new("erfinv"), Erfinv_ = new("erfinv_"), Lgamma = new("lgamma"), Lgamma_ = new("lgamma_"),
            Digamma = new("digamma"), Digamma_ = new("digamma_"), Square = new("square"), Isnan = new("isnan"),
            Isinf = new("isinf"), Isfinite = new("isfinite"), Gelu = new("gelu"), LogSigmoid = new("log_sigmoid"),
            NanToNum = new("nan_to_num");

        public Tensor abs() => Abs.Call(this);
        public Tensor abs_() => Abs_.InPlace(this);
        public Tensor neg() => Neg.Call(this);
        public Tensor neg_() => Neg_.InPlace(this);
        public Tensor exp() => Exp.Call(this);
        public Tensor exp_() => Exp_.InPlace(this);
        public Tensor exp2() => Exp2.Call(this);
        public Tensor expm1() => Expm1.Call(this);
        public Tensor expm1_() => Expm1_.InPlace(this);
        public Tensor log() => Log.Call(this);
        public Tensor log_() => Log_.InPlace(this);
        public Tensor log2() => Log2.Call(this);
        public Tensor log2_() => Log2_.InPlace(this);
        public Tensor log10() => Log10.Call(this);
        public Tensor log10_() => Log10_.InPlace(this);
        public Tensor log1p() => Log1p.Call(this);
        public Tensor log1p_() => Log1p_.InPlace(this);
        public Tensor sqrt() => Sqrt.Call(this);
        public Tensor sqrt_() => Sqrt_.InPlace(this);
        public Tensor rsqrt() => Rsqrt.Call(this);
        public Tensor rsqrt_() => Rsqrt_.InPlace(this);
        public Tensor reciprocal() => Reciprocal.Call(this);
        public Tensor reciprocal_() => Reciprocal_.InPlace(this);
        public Tensor sin() => Sin.Call(this);
        public Tensor sin_() => Sin_.InPlace(this);
        public Tensor cos() => Cos.Call(this);
        public Tensor cos_() => Cos_.InPlace(this);
        public Tensor tan() => Tan.Call(this);
        public Tensor tan_() => Tan_.InPlace(this);
        public Tensor asin() => Asin.Call(this);
        public Tensor asin_() => Asin_.InPlace(this);
        public Tensor acos() => Acos.Call(this);
        public Tensor acos_() => Acos_.InPlace(this);
        public Tensor atan() => Atan.Call(this);
        public Tensor atan_() => Atan_.InPlace(this);
        public Tensor sinh() => Sinh.Call(this);
        public Tensor sinh_() => Sinh_.InPlace(this);
        public Tensor cosh() => Cosh.Call(this);
        public Tensor cosh_() => Cosh_.InPlace(this);
        public Tensor tanh() => Tanh.Call(this);
        public Tensor tanh_() => Tanh_.InPlace(this);
        public Tensor sigmoid() => Sigmoid.Call(this);
        public Tensor sigmoid_() => Sigmoid_.InPlace(this);
        public Tensor relu() => Relu.Call(this);
        public Tensor relu_() => Relu_.InPlace(this);
        public Tensor silu() => Silu.Call(this);
        public Tensor silu_() => Silu_.InPlace(this);
        public Tensor floor() => Floor.Call(this);
        public Tensor floor_() => Floor_.InPlace(this);
        public Tensor ceil() => Ceil.Call(this);
        public Tensor ceil_() => Ceil_.InPlace(this);
        public Tensor round(long decimals = 0) => Round.Call(this, decimals);
        public Tensor round_(long decimals = 0) => Round_.InPlace(this, decimals);
        public Tensor trunc() => Trunc.Call(this);
        public Tensor trunc_() => Trunc_.InPlace(this);
        public Tensor frac() => Frac.Call(this);
        public Tensor frac_() => Frac_.InPlace(this);
        public Tensor sign() => Sign.Call(this);
        public Tensor sign_() => Sign_.InPlace(this);
        public Tensor erf() => Erf.Call(this);
        public Tensor erf_() => Erf_.InPlace(this);
        public Tensor erfc() => Erfc.Call(this);
        public Tensor erfc_() => Erfc_.InPlace(this);
        public Tensor erfinv() => Erfinv.Call(this);
        public Tensor erfinv_() => Erfinv_.InPlace(this);
        public Tensor lgamma() => Lgamma.Call(this);
        public Tensor lgamma_() => Lgamma_.InPlace(this);
        public Tensor digamma() => Digamma.Call(this);
        public Tensor digamma_() => Digamma_.InPlace(this);
        public Tensor square() => Square.Call(this);
        public Tensor isnan() => Isnan.Call(this);
        public Tensor isinf() => Isinf.Call(this);
        public Tensor isfinite() => Isfinite.Call(this);
        public Tensor gelu() => Gelu.Call(this);
        public Tensor log_sigmoid() => LogSigmoid.Call(this);
        public Tensor negative() => neg();
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            NanToNum.Call(this, nan, posinf, neginf);
    }
}
