using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Vectors of one float: what is left over where a length is no multiple of the width.</summary>
internal unsafe partial struct SimdScalar : ISimd<float>
{
    public static int Count => 1;

    public static bool HasManyRegisters => false;

    public static float Zero => 0;

    public static float Create(float value) => value;

    public static float Load(float* source) => *source;

    public static void Store(float x, float* destination) => *destination = x;

    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float Max(float a, float b) => a > b ? a : b;

    public static float Abs(float x) => MathF.Abs(x);

    public static float CopySign(float magnitude, float sign) => MathF.CopySign(magnitude, sign);

    public static float WhereLess(float a, float b, float then, float otherwise) => a < b ? then : otherwise;

    public static float PowerOfTwo(float n) => BitConverter.Int32BitsToSingle((float.ConvertToIntegerNative<int>(n) + 127) << 23);

    public static Vector128<float> Sums(float a, float b, float c, float d) => Vector128.Create(a, b, c, d);

    public static float LoadLow(uint* source) => BitConverter.UInt32BitsToSingle(*source << 16);

    public static float LoadHigh(uint* source) => BitConverter.UInt32BitsToSingle(*source & 0xFFFF0000);

    public static void StorePairs(float low, float high, uint* destination) => *destination = (Round(low) >> 16) | (Round(high) & 0xFFFF0000);

    private static uint Round(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? bits | 0x400000 : bits + ((bits >> 16) & 1) + 0x7FFF;
    }
}
