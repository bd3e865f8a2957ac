using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Op Arange = new("arange.start_step"), Linspace = new("linspace"), Eye = new("eye.m"),
        Randint = new("randint.low"), RandintFrom = new("randint.low_generator"), Randperm = new("randperm"),
        RandpermFrom = new("randperm.generator"), NormalTensors = new("normal.Tensor_Tensor");

    /// <summary>0, 1, 2, ... below <paramref name="stop"/>.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(stop.Tag == Tag.Double ? (Scalar)0.0 : 0L, stop, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1L, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Arange.Call(start, stop, step, dtype, Arg.None, InitializeDevice(device)), requires_grad);

    /// <summary>Evenly spaced numbers, both ends included.</summary>
    public static Tensor linspace(
        double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Linspace.Call(start, end, steps, dtype, Arg.None, InitializeDevice(device)), requires_grad);

    /// <summary>Ones on the diagonal; as many columns as rows by default.</summary>
    public static Tensor eye(
        long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Made(Eye.Call(rows, columns < 0 ? rows : columns, dtype, Arg.None, InitializeDevice(device)), requires_grad, names);

    /// <summary>Random whole numbers from <paramref name="low"/> to below <paramref name="high"/>.</summary>
    public static Tensor randint(
        long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Made(
            generator is null
                ? Randint.Call(low, high, size, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device))
                : RandintFrom.Call(low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device)),
            requires_grad,
            names);

    public static Tensor randint(
        long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    /// <summary>A random order of 0 ... n - 1.</summary>
    public static Tensor randperm(
        long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Made(
            generator is null
                ? Randperm.Call(n, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device))
                : RandpermFrom.Call(n, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device)),
            requires_grad);

    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) => NormalTensors.Call(mean, std, generator);

    public static Tensor normal(
        double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(empty(size, dtype, device).normal_(mean, std, generator), requires_grad, names);
}
