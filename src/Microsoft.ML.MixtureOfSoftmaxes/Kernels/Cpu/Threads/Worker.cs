namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>One of the threads that compute something together.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Steps">Where they meet; null for one alone.</param>
internal readonly record struct Worker(int Index, int Count, Barrier? Steps)
{
    /// <summary>Waits until all have come here: what each wrote before, all can read after.</summary>
    public void Meet() => Steps?.SignalAndWait();

    /// <summary>This worker's share of so many items, a range of them: the same one in every run with as many workers.</summary>
    /// <param name="items">How many there are.</param>
    /// <param name="unit">Shares begin at multiples of it.</param>
    public (int Start, int End) Share(int items, int unit = 1)
    {
        long units = (items + unit - 1) / unit;
        return ((int)(units * Index / Count) * unit, Math.Min(items, (int)(units * (Index + 1) / Count) * unit));
    }
}
