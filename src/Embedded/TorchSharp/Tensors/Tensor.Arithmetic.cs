using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public partial class Tensor
    {
        private static readonly Op AddTensor = new("add.Tensor"), AddScalar = new("add.Scalar"), AddTensor_ = new("add_.Tensor"),
            AddScalar_ = new("add_.Scalar"), SubTensor = new("sub.Tensor"), SubScalar = new("sub.Scalar"),
            SubTensor_ = new("sub_.Tensor"), SubScalar_ = new("sub_.Scalar"), MulTensor = new("mul.Tensor"),
            MulScalar = new("mul.Scalar"), MulTensor_ = new("mul_.Tensor"), MulScalar_ = new("mul_.Scalar"),
            DivTensor = new("div.Tensor"), DivScalar = new("div.Scalar"), DivTensor_ = new("div_.Tensor"),
            DivScalar_ = new("div_.Scalar"), DivTensorMode = new("div.Tensor_mode"), DivScalarMode = new("div.Scalar_mode"),
            DivTensorMode_ = new("div_.Tensor_mode"), DivScalarMode_ = new("div_.Scalar_mode"),
            FloorDivideTensor = new("floor_divide"), FloorDivideScalar = new("floor_divide.Scalar"),
            RemainderTensor = new("remainder.Tensor"), RemainderScalar = new("remainder.Scalar"),
            RemainderScalar_ = new("remainder_.Scalar"), FmodScalar = new("fmod.Scalar"), FmodTensor = new("fmod.Tensor"),
            PowTensorScalar = new("pow.Tensor_Scalar"), PowTensorTensor = new("pow.Tensor_Tensor"),
            PowScalar_ = new("pow_.Scalar"), PowTensor_ = new("pow_.Tensor"), Atan2 = new("atan2"), Addcmul = new("addcmul"),
            Addcmul_ = new("addcmul_"), Addcdiv = new("addcdiv"), Addcdiv_ = new("addcdiv_"), LerpTensor = new("lerp.Tensor"),
            LerpTensor_ = new("lerp_.Tensor"), Logaddexp = new("logaddexp"), Xlogy = new("xlogy.Tensor");

        public Tensor add(Tensor target) => AddTensor.Call(this, target);
        public Tensor add(Tensor target, Scalar alpha) => AddTensor.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => AddScalar.Call(this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => AddScalar.Call(this, scalar, alpha);
        public Tensor add_(Tensor target) => AddTensor_.InPlace(this, target);
        public Tensor add_(Tensor target, Scalar alpha) => AddTensor_.InPlace(this, target, alpha);
        public Tensor add_(Scalar scalar) => AddScalar_.InPlace(this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => AddScalar_.InPlace(this, scalar, alpha);

        public Tensor sub(Tensor target) => SubTensor.Call(this, target);
        public Tensor sub(Scalar target) => SubScalar.Call(this, target);
        public Tensor sub_(Tensor target) => SubTensor_.InPlace(this, target);
        public Tensor sub_(Scalar target) => SubScalar_.InPlace(this, target);
        public Tensor subtract(Tensor target) => sub(target);
        public Tensor subtract(Scalar target) => sub(target);

        public Tensor mul(Tensor target) => MulTensor.Call(this, target);
        public Tensor mul(Scalar target) => MulScalar.Call(this, target);
        public Tensor mul_(Tensor target) => MulTensor_.InPlace(this, target);
        public Tensor mul_(Scalar target) => MulScalar_.InPlace(this, target);
        public Tensor multiply(Tensor target) => mul(target);
        public Tensor multiply(Scalar target) => mul(target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? DivTensor.Call(this, target) : DivTensorMode.Call(this, target, rounding_mode.ToString());
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? DivScalar.Call(this, target) : DivScalarMode.Call(this, target, rounding_mode.ToString());
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? DivTensor_.InPlace(this, target)
                : DivTensorMode_.InPlace(this, target, rounding_mode.ToString());
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? DivScalar_.InPlace(this, target)
                : DivScalarMode_.InPlace(this, target, rounding_mode.ToString());
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor true_divide(Tensor other) => div(other);
        public Tensor true_divide(Scalar other) => div(other);
        public Tensor floor_divide(Tensor other) => FloorDivideTensor.Call(this, other);
        public Tensor floor_divide(Scalar other) => FloorDivideScalar.Call(this, other);

        public Tensor remainder(Tensor target) => RemainderTensor.Call(this, target);
        public Tensor remainder(Scalar scalar) => RemainderScalar.Call(this, scalar);
        public Tensor remainder_(Scalar scalar) => RemainderScalar_.InPlace(this, scalar);
        public Tensor fmod(Tensor target) => FmodTensor.Call(this, target);
        public Tensor fmod(Scalar scalar) => FmodScalar.Call(this, scalar);

        public Tensor pow(Tensor exponent) => PowTensorTensor.Call(this, exponent);
        public Tensor pow(Scalar exponent) => PowTensorScalar.Call(this, exponent);
        public Tensor pow_(Tensor exponent) => PowTensor_.InPlace(this, exponent);
        public Tensor pow_(Scalar exponent) => PowScalar_.InPlace(this, exponent);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Addcmul.Call(this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Addcmul_.InPlace(this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Addcdiv.Call(this, tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Addcdiv.Call(this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Addcdiv_.InPlace(this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Addcdiv_.InPlace(this, tensor1, tensor2, value);

        public Tensor lerp(Tensor end, Tensor weight) => LerpTensor.Call(this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => LerpTensor_.InPlace(this, end, weight);
        public Tensor atan2(Tensor other) => Atan2.Call(this, other);
        public Tensor logaddexp(Tensor other) => Logaddexp.Call(this, other);
        public Tensor xlogy(Tensor y) => Xlogy.Call(this, y);
    }
}
