using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op Rsub = new("rsub.Scalar"), AllEqual = new("equal");

        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);
        public static Tensor operator +(Tensor left, int right) => AddScalar.Call(left, right);
        public static Tensor operator +(int left, Tensor right) => AddScalar.Call(right, left);
        public static Tensor operator +(Tensor left, long right) => AddScalar.Call(left, right);
        public static Tensor operator +(long left, Tensor right) => AddScalar.Call(right, left);
        public static Tensor operator +(Tensor left, float right) => AddScalar.Call(left, right);
        public static Tensor operator +(float left, Tensor right) => AddScalar.Call(right, left);
        public static Tensor operator +(Tensor left, double right) => AddScalar.Call(left, right);
        public static Tensor operator +(double left, Tensor right) => AddScalar.Call(right, left);

        public static Tensor operator -(Tensor tensor) => tensor.neg();
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        public static Tensor operator -(Scalar left, Tensor right) => Rsub.Call(right, left);
        public static Tensor operator -(Tensor left, int right) => SubScalar.Call(left, right);
        public static Tensor operator -(int left, Tensor right) => Rsub.Call(right, left);
        public static Tensor operator -(Tensor left, long right) => SubScalar.Call(left, right);
        public static Tensor operator -(long left, Tensor right) => Rsub.Call(right, left);
        public static Tensor operator -(Tensor left, float right) => SubScalar.Call(left, right);
        public static Tensor operator -(float left, Tensor right) => Rsub.Call(right, left);
        public static Tensor operator -(Tensor left, double right) => SubScalar.Call(left, right);
        public static Tensor operator -(double left, Tensor right) => Rsub.Call(right, left);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);
        public static Tensor operator *(Tensor left, int right) => MulScalar.Call(left, right);
        public static Tensor operator *(int left, Tensor right) => MulScalar.Call(right, left);
        public static Tensor operator *(Tensor left, long right) => MulScalar.Call(left, right);
        public static Tensor operator *(long left, Tensor right) => MulScalar.Call(right, left);
        public static Tensor operator *(Tensor left, float right) => MulScalar.Call(left, right);
        public static Tensor operator *(float left, Tensor right) => MulScalar.Call(right, left);
        public static Tensor operator *(Tensor left, double right) => MulScalar.Call(left, right);
        public static Tensor operator *(double left, Tensor right) => MulScalar.Call(right, left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);
        public static Tensor operator /(Scalar left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(Tensor left, int right) => DivScalar.Call(left, right);
        public static Tensor operator /(int left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(Tensor left, long right) => DivScalar.Call(left, right);
        public static Tensor operator /(long left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(Tensor left, float right) => DivScalar.Call(left, right);
        public static Tensor operator /(float left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(Tensor left, double right) => DivScalar.Call(left, right);
        public static Tensor operator /(double left, Tensor right) => Quotient(left, right);

        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);
        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);
        public static Tensor operator %(Tensor left, int right) => RemainderScalar.Call(left, right);
        public static Tensor operator %(Tensor left, long right) => RemainderScalar.Call(left, right);
        public static Tensor operator %(Tensor left, float right) => RemainderScalar.Call(left, right);
        public static Tensor operator %(Tensor left, double right) => RemainderScalar.Call(left, right);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);
        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);
        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);
        public static Tensor operator ~(Tensor left) => left.bitwise_not();

        /// <summary>The same shape and the same elements.</summary>
        public bool Equals(Tensor target) => target is not null && AllEqual.CallValue(this, target).Bits != 0;

        public override bool Equals(object? obj) => obj is Tensor tensor && Equals(tensor);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        private static Tensor Quotient(Arg number, Tensor divisor)
        {
            using var reciprocal = divisor.reciprocal();
            return MulScalar.Call(reciprocal, number);
        }
    }
}
