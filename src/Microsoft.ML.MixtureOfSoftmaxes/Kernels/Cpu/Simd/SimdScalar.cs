namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>One number at a time: what is left over at the end of a row.</summary>
internal unsafe partial struct SimdScalar : ISimd<float>
{
    public static int Count => 1;

    public static float Zero => 0;

    public static float Create(float value) => value;

    public static float Load(float* source) => *source;

    public static void Store(float x, float* destination) => *destination = x;

    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float Min(float a, float b) => MathF.Min(a, b);

    public static float Max(float a, float b) => MathF.Max(a, b);

    public static float Abs(float x) => MathF.Abs(x);

    public static float CopySign(float magnitude, float sign) => MathF.CopySign(magnitude, sign);

    public static float WhereLess(float a, float b, float then, float otherwise) => a < b ? then : otherwise;

    public static float PowerOfTwo(float n) => BitConverter.Int32BitsToSingle((float.ConvertToIntegerNative<int>(n) + 127) << 23);

    public static float Sum(float x) => x;

    public static (float Low, float High) LoadPairs(uint* source) =>
        (BitConverter.UInt32BitsToSingle(*source << 16), BitConverter.UInt32BitsToSingle(*source & 0xFFFF0000u));
}
