namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// The loops of <see cref="LogitRow"/>: each goes from <c>start</c> on in whole vectors, and returns where it had to stop.
/// </summary>
internal static unsafe class LogitPasses
{
    public static int AddBias<TSimd, TVector>(float* x, float* bias, float* z, int start, int count, ref float max)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
    {
        TVector top = TSimd.Create(max);
        int i = start;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TVector sum = TSimd.Add(TSimd.Load(x + i), TSimd.Load(bias + i));
            TSimd.Store(sum, z + i);
            top = TSimd.WhereLess(top, sum, sum, top);
        }

        max = TSimd.MaxOf(top);
        return i;
    }

    public static int AddBias<TSimd, TVector>(ushort* x, float* bias, float* z, int start, int count, ref float max)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
    {
        TVector top = TSimd.Create(max);
        int i = start;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TVector sum = TSimd.Add(TSimd.LoadBFloat16(x + i), TSimd.Load(bias + i));
            TSimd.Store(sum, z + i);
            top = TSimd.WhereLess(top, sum, sum, top);
        }

        max = TSimd.MaxOf(top);
        return i;
    }

    public static int SumExp<TSimd, TVector, TActivation>(float* z, float offset, int start, int count, ref float sum)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
        where TActivation : struct, IActivation
    {
        TVector total = TSimd.Zero, offsets = TSimd.Create(offset);
        int i = start;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            total = TSimd.Add(total, TActivation.Exp<TSimd, TVector>(TSimd.Load(z + i), offsets));
        }

        sum += TSimd.SumOf(total);
        return i;
    }

    public static int Differentiate<TSimd, TVector, TActivation>(float* z, float norm, float share, float* sums, int start, int count)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
        where TActivation : struct, IActivation
    {
        TVector norms = TSimd.Create(norm), shares = TSimd.Create(share);
        int i = start;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TVector gradient = TSimd.Multiply(shares, TActivation.ExpTimesSlope<TSimd, TVector>(TSimd.Load(z + i), norms));
            TSimd.Store(gradient, z + i);
            TSimd.Store(TSimd.Add(TSimd.Load(sums + i), gradient), sums + i);
        }

        return i;
    }

    public static int Mix<TSimd, TVector, TActivation>(float** z, float* shifts, int experts, float* result, int start, int count)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
        where TActivation : struct, IActivation
    {
        int i = start;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TVector max = TSimd.Create(float.MinValue);
            for (int k = 0; k < experts; k++)
            {
                TVector log = TSimd.Add(TActivation.Of<TSimd, TVector>(TSimd.Load(z[k] + i)), TSimd.Create(shifts[k]));
                TSimd.Store(log, z[k] + i);
                max = TSimd.Max(max, log);
            }

            TVector sum = TSimd.Zero;
            for (int k = 0; k < experts && experts > 1; k++)
            {
                sum = TSimd.Add(sum, Exponential.Of<TSimd, TVector>(TSimd.Subtract(TSimd.Load(z[k] + i), max)));
            }

            TSimd.Store(experts == 1 ? TSimd.Load(z[0] + i) : TSimd.Add(max, TSimd.Log(sum)), result + i);
        }

        return i;
    }

    public static int Round<TSimd, TVector>(float* x, ushort* rounded, int start, int count)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
    {
        int i = start;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TSimd.StoreBFloat16(TSimd.Load(x + i), rounded + i);
        }

        return i;
    }

    public static long Add<TSimd, TVector>(ushort* x, float* sums, long start, long count)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
    {
        long i = start;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(sums + i), TSimd.LoadBFloat16(x + i)), sums + i);
        }

        return i;
    }
}
