namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The sizes of one pass through an LSTM layer.</summary>
/// <param name="Steps">T.</param>
/// <param name="Batch">B.</param>
/// <param name="Units">H.</param>
internal readonly record struct LstmSizes(int Steps, int Batch, int Units)
{
    /// <summary>Shares of units begin at multiples of it: a whole number of vectors of any width, and of cache lines.</summary>
    public const int ShareUnit = 16;

    // Below as many products a step, threads cost more than they save.
    private const long ProductsForAThread = 1 << 18;

    /// <summary>
    /// Whether single steps have so many rows that libtorch's product with factors in bfloat16 is faster than kernels, which compute in float32:
    /// processors have instructions for it that .NET has not.
    /// </summary>
    public bool HasManyRows => Batch >= 24;

    /// <summary>How many threads are of use.</summary>
    public int Workers => (int)Math.Clamp(4L * Units * Units * Batch / ProductsForAThread, 1, (Units + ShareUnit - 1) / ShareUnit);

    /// <summary>H, filled up to blocks of so many.</summary>
    public int Filled(int block) => (Units + block - 1) / block * block;
}
