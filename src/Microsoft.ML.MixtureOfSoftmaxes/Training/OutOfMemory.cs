namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>Tells libtorch's failed allocations from its other errors, and says what to do about them.</summary>
internal static class OutOfMemory
{
    // libtorch has no type of error for it that reaches managed code: the CPU's allocator says the first, CUDA's the second.
    private static readonly string[] s_texts = ["can't allocate memory", "not enough memory", "out of memory"];

    public static bool Is(Exception exception) =>
        exception is OutOfMemoryException || s_texts.Any(text => exception.Message.Contains(text, StringComparison.OrdinalIgnoreCase));

    public static InsufficientMemoryException Explain(Exception exception, long parameters) => new(
        $"Memory ran out while training {parameters:N0} parameters. Lower PassBatchSize (the result stays), BatchSize or SequenceLength, " +
        "or make the network smaller. Checkpoints that were written are intact.", exception);
}
