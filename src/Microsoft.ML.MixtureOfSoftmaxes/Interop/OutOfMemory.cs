namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>Door: tells libtorch's failed allocations from its other errors.</summary>
internal static class OutOfMemory
{
    // libtorch has no type of error for it that reaches managed code: the CPU's allocator says the first, CUDA's the third, its libraries the others.
    private static readonly string[] s_texts =
        ["can't allocate memory", "not enough memory", "out of memory", "STATUS_ALLOC_FAILED", "ALLOCATION_FAILED"];

    public static bool Is(Exception exception) =>
        exception is OutOfMemoryException || s_texts.Any(text => exception.Message.Contains(text, StringComparison.OrdinalIgnoreCase));
}
