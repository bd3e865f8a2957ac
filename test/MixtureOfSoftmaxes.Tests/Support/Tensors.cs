using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Between tensors and plain arrays.</summary>
internal static class Tensors
{
    public static Tensor Of(double[] values, params long[] shape)
    {
        Tensor flat = tensor(values, [values.Length]);
        return flat.view(shape);
    }

    public static Tensor Singles(double[] values, params long[] shape) => Of(values, shape).to(ScalarType.Float32);

    public static Tensor Ids(int[] values, params long[] shape)
    {
        long[] wide = [.. values.Select(value => (long)value)];
        return tensor(wide, [wide.Length]).view(shape);
    }

    public static double[] Values(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        return x.numel() == 0 ? [] : x.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>The 2-norm of a difference.</summary>
    public static double Distance(Tensor a, Tensor b) => (a - b).square().sum().sqrt().ToDouble();

    /// <summary>Where values are not finite and which they are, and 0 in the place of the others.</summary>
    public static double[] Kinds(Tensor x) => [.. Values(x).Select(number => double.IsFinite(number) ? 0 : number)];

    /// <summary>The bits of a float32 tensor's elements.</summary>
    public static uint[] Bits(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        return [.. x.detach().contiguous().data<float>().ToArray().Select(BitConverter.SingleToUInt32Bits)];
    }

    public static Parameter Named(this nn.Module module, string name) =>
        module.named_parameters().Single(p => p.name == name).parameter;

    /// <summary>Gives a parameter the values; it stays the same object.</summary>
    public static void Set(this Parameter parameter, double[] values)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        parameter.copy_(Of(values, parameter.shape)).DetachFromDisposeScope();
    }

    /// <summary>Fills every parameter with numbers of the test's own, larger than the initial ones, so that outputs differ.</summary>
    public static TModule Randomize<TModule>(this TModule module, int seed, double scale = 0.6) where TModule : nn.Module
    {
        var random = new Random(seed);
        foreach ((_, Parameter parameter) in module.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal))
        {
            parameter.Set(Numbers.Gaussian(random, parameter.numel(), scale));
        }

        return module;
    }
}
