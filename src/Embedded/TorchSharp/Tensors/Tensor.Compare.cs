using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op EqTensor = new("eq.Tensor"), EqScalar = new("eq.Scalar"), NeTensor = new("ne.Tensor"),
            NeScalar = new("ne.Scalar"), LtTensor = new("lt.Tensor"), LtScalar = new("lt.Scalar"), LeTensor = new("le.Tensor"),
            LeScalar = new("le.Scalar"), GtTensor = new("gt.Tensor"), GtScalar = new("gt.Scalar"), GeTensor = new("ge.Tensor"),
            GeScalar = new("ge.Scalar"), Isclose = new("isclose"), Allclose = new("allclose"), LogicalAnd = new("logical_and"),
            LogicalOr = new("logical_or"), LogicalXor = new("logical_xor"), LogicalNot = new("logical_not"),
            BitwiseAnd = new("bitwise_and.Tensor"), BitwiseOr = new("bitwise_or.Tensor"), BitwiseXor = new("bitwise_xor.Tensor"),
            BitwiseNot = new("bitwise_not"), Maximum = new("maximum"), Minimum = new("minimum"), Where = new("where.self"),
            Clamp = new("clamp"), Clamp_ = new("clamp_"), ClampTensor = new("clamp.Tensor"), ClampTensor_ = new("clamp_.Tensor"),
            ClampMax = new("clamp_max"), ClampMax_ = new("clamp_max_"), ClampMin = new("clamp_min"),
            ClampMin_ = new("clamp_min_"), Isin = new("isin.Tensor_Tensor");

        public Tensor eq(Tensor target) => EqTensor.Call(this, target);
        public Tensor eq(Scalar target) => EqScalar.Call(this, target);
        public Tensor ne(Tensor target) => NeTensor.Call(this, target);
        public Tensor ne(Scalar target) => NeScalar.Call(this, target);
        public Tensor lt(Tensor target) => LtTensor.Call(this, target);
        public Tensor lt(Scalar target) => LtScalar.Call(this, target);
        public Tensor le(Tensor target) => LeTensor.Call(this, target);
        public Tensor le(Scalar target) => LeScalar.Call(this, target);
        public Tensor gt(Tensor target) => GtTensor.Call(this, target);
        public Tensor gt(Scalar target) => GtScalar.Call(this, target);
        public Tensor ge(Tensor target) => GeTensor.Call(this, target);
        public Tensor ge(Scalar target) => GeScalar.Call(this, target);
        public Tensor less(Tensor target) => lt(target);
        public Tensor less_equal(Tensor target) => le(target);
        public Tensor greater(Tensor target) => gt(target);
        public Tensor greater_equal(Tensor target) => ge(target);
        public Tensor not_equal(Tensor target) => ne(target);

        /// <summary>
        /// Elementwise, as `eq`: the official package differs here from PyTorch, whose `equal` gives one truth value.
        /// </summary>
        public Tensor equal(Tensor target) => eq(target);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Isclose.Call(this, other, rtol, atol, nanEqual);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Allclose.CallValue(this, target, rtol, atol, equal_nan).Bits != 0;

        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Isin.Call(this, test_elements, assumeUnique, invert);

        public Tensor logical_and(Tensor other) => LogicalAnd.Call(this, other);
        public Tensor logical_or(Tensor other) => LogicalOr.Call(this, other);
        public Tensor logical_xor(Tensor other) => LogicalXor.Call(this, other);
        public Tensor logical_not() => LogicalNot.Call(this);
        public Tensor bitwise_and(Tensor other) => BitwiseAnd.Call(this, other);
        public Tensor bitwise_or(Tensor other) => BitwiseOr.Call(this, other);
        public Tensor bitwise_xor(Tensor other) => BitwiseXor.Call(this, other);
        public Tensor bitwise_not() => BitwiseNot.Call(this);

        public Tensor maximum(Tensor other) => Maximum.Call(this, other);
        public Tensor minimum(Tensor other) => Minimum.Call(this, other);
        public Tensor max(Tensor other) => maximum(other);
        public Tensor min(Tensor other) => minimum(other);

        /// <summary>This tensor where the condition holds, <paramref name="y"/> elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Where.Call(condition, this, y);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Clamp.Call(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => ClampTensor.Call(this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Clamp_.InPlace(this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => ClampTensor_.InPlace(this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_max(Scalar max) => ClampMax.Call(this, max);
        public Tensor clamp_max_(Scalar max) => ClampMax_.InPlace(this, max);
        public Tensor clamp_min(Scalar min) => ClampMin.Call(this, min);
        public Tensor clamp_min_(Scalar min) => ClampMin_.InPlace(this, min);
    }
}
