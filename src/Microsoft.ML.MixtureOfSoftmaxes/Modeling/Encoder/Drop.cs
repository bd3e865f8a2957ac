using Microsoft.ML.MixtureOfSoftmaxes.Kernels;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>What a dropout mask is for.</summary>
internal enum DropoutSite
{
    /// <summary>See <see cref="DropoutRates.Word"/>.</summary>
    Word = 1,

    /// <summary>See <see cref="DropoutRates.Input"/>.</summary>
    Input,

    /// <summary>See <see cref="DropoutRates.Hidden"/>.</summary>
    Hidden,

    /// <summary>See <see cref="DropoutRates.Output"/>.</summary>
    Output,

    /// <summary>See <see cref="DropoutRates.Latent"/>.</summary>
    Latent,

    /// <summary>See <see cref="DropoutRates.Weight"/>.</summary>
    Weight,
}

/// <summary>Where the random numbers of a pass begin: all masks are functions of it, of what they are for and of the place in them.</summary>
/// <param name="Seed">That of the step.</param>
/// <param name="FirstColumn">The first of the batch's columns in the pass: a column's masks do not depend on which pass it is in.</param>
internal readonly record struct DropoutSource(long Seed, int FirstColumn);

/// <summary>One use of dropout.</summary>
/// <param name="Rate">The probability of zeroing.</param>
/// <param name="Source">The pass.</param>
/// <param name="Site">What for.</param>
/// <param name="Layer">Which layer's, where every layer has one.</param>
internal readonly record struct Drop(double Rate, DropoutSource Source, DropoutSite Site, int Layer)
{
    private const int Layers = 1 << 16;

    /// <summary>No dropout.</summary>
    public static Drop None => default;

    /// <summary>A mask whose rows are columns of the batch.</summary>
    public DropoutMask OfColumns => new((ulong)Source.Seed, Mask, Pass: 0, Rate);

    /// <summary>A mask that serves all columns of the pass.</summary>
    public DropoutMask OfPass => new((ulong)Source.Seed, Mask, (uint)Source.FirstColumn, Rate);

    private uint Mask => (uint)(((int)Site * Layers) + Layer);
}
