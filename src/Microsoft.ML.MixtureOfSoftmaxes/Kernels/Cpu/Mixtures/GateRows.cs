namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>One token's rows over the words of a tile, each as long as the tile has words.</summary>
internal readonly unsafe struct GateRows
{
    /// <summary>Floats of <see cref="Work"/> for each expert: a vector of its logit, of a node of the tree, of a gate and of a sum.</summary>
    public const int WorkFloats = 4 * 16;

    /// <summary>K.</summary>
    public required int Experts { get; init; }

    /// <summary>K rows of the experts' logits; of the gradients with respect to them.</summary>
    public required void* Logits { get; init; }

    /// <summary>K - 1 rows of gates before the sigmoid, without what is shared and biases; of the gradients with respect to them.</summary>
    public required void* Gates { get; init; }

    /// <summary>What all words have in common, one for each gate.</summary>
    public required float* Shared { get; init; }

    /// <summary>K - 1 rows of biases.</summary>
    public required float* Bias { get; init; }

    /// <summary>From one row of biases to the next.</summary>
    public required int BiasStride { get; init; }

    /// <summary>Where a tree is computed.</summary>
    public required float* Work { get; init; }
}
