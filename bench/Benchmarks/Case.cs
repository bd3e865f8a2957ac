using Microsoft.ML.MixtureOfSoftmaxes;

namespace Benchmarks;

/// <summary>The part of the work that is measured.</summary>
internal enum Part
{
    /// <summary>
    /// From the last hidden states to the loss and its gradients with respect to them and to the parameters of the head.
    /// </summary>
    Head,

    /// <summary>A whole training step, including the update of the weights.</summary>
    Step,

    /// <summary>Log-likelihoods of a long stream.</summary>
    Scoring,
}

/// <summary>The ways of computing the loss that are compared.</summary>
internal enum Formulation
{
    /// <summary>A mixture of softmaxes as its authors wrote it: the whole distributions of all experts, and autograd.</summary>
    Plain,

    /// <summary>The library's mixture of softmaxes.</summary>
    Fused,

    /// <summary>
    /// The library's softmax head: with the same width where the head alone is measured, else in an AWD-LSTM with as many
    /// parameters.
    /// </summary>
    Softmax,

    /// <summary>
    /// The matrix products of the mixture of softmaxes alone, without anything between them: for the head those with the decoder, else
    /// also those of the latent layer and of the LSTM, the recurrent ones of all time steps at once. Nobody can be faster with them.
    /// </summary>
    Products,
}

/// <summary>A formulation at a precision.</summary>
/// <param name="Formulation">How the loss is computed.</param>
/// <param name="Precision">The precision of matrix products.</param>
internal readonly record struct Case(Formulation Formulation, Precision Precision)
{
    /// <summary>The baseline: what one would use without this library, on the same libtorch.</summary>
    public static Case Plain { get; } = new(Formulation.Plain, Precision.Float32);

    /// <summary>Those that differ on a device, cpu or cuda: a CPU has no TensorFloat32.</summary>
    public static IEnumerable<Case> On(string device) => All.Where(which => device != "cpu" || which.Precision != Precision.TensorFloat32);

    /// <summary>All cases, the baseline first.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        .. from precision in Enum.GetValues<Precision>()
           from formulation in Enum.GetValues<Formulation>()
           select new Case(formulation, precision),
    ];
}
