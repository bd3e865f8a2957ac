namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

internal unsafe partial struct SimdScalar : ISimdRow<float>
{
    public static float SumOf(float x) => x;

    public static float MaxOf(float x) => x;

    public static float Log(float x) => MathF.Log(x);

    public static float LoadBFloat16(ushort* source) => BitConverter.UInt32BitsToSingle((uint)*source << 16);

    public static void StoreBFloat16(float x, ushort* destination) => *destination = (ushort)(Round(x) >> 16);
}
