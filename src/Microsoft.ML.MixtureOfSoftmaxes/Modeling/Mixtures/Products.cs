using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>Matrix products as tensor operations, their factors rounded if asked for, their results added in float32.</summary>
internal readonly struct Products(Precision precision)
{
    /// <summary>A tensor as a factor: itself, or rounded.</summary>
    public Tensor Factor(Tensor x) => RoundFactors ? x.to(ScalarType.BFloat16) : x;

    /// <summary>sum += a b, for two factors.</summary>
    public void Add(Tensor sum, Tensor a, Tensor b)
    {
        if (RoundFactors)
        {
            sum.add_(a.mm(b));
        }
        else
        {
            sum.addmm_(a, b);
        }
    }

    /// <summary>result = a b, for two factors.</summary>
    public void Set(Tensor result, Tensor a, Tensor b)
    {
        if (RoundFactors)
        {
            result.copy_(a.mm(b));
        }
        else
        {
            result.addmm_(a, b, beta: 0);
        }
    }

    private bool RoundFactors => precision == Precision.BFloat16;
}
