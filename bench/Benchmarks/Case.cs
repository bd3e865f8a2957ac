using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Benchmarks;

/// <summary>What is measured.</summary>
internal enum Part
{
    /// <summary>From the last hidden states to the loss and the gradients by them and by the parameters.</summary>
    Head,

    /// <summary>A whole training step, the optimiser's included.</summary>
    Step,

    /// <summary>Log-likelihoods of a long stream.</summary>
    Scoring,
}

/// <summary>What is compared.</summary>
internal enum Formulation
{
    /// <summary>The mixture of softmaxes as its authors wrote it: the distributions of all experts in full, autograd.</summary>
    Plain,

    /// <summary>The mixture of softmaxes of the library.</summary>
    Fused,

    /// <summary>
    /// The library's softmax head: of the same width where the head is measured, else in an AWD-LSTM of as many parameters.
    /// </summary>
    Softmax,
}

/// <summary>One of the things compared.</summary>
/// <param name="Formulation">What computes.</param>
/// <param name="Precision">Of the products.</param>
internal readonly record struct Case(Formulation Formulation, Precision Precision)
{
    /// <summary>What there is without this library: the plain formulation on the same libtorch.</summary>
    public static Case Plain { get; } = new(Formulation.Plain, Precision.Float32);

    /// <summary>All, the baseline first. The plain formulation is measured as its authors ran it, in float32.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        Plain,
        .. from precision in Enum.GetValues<Precision>()
           from formulation in (Formulation[])[Formulation.Fused, Formulation.Softmax]
           select new Case(formulation, precision),
    ];
}
