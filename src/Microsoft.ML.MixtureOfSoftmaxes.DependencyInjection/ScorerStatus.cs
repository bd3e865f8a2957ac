namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>The state of a scorer at one moment.</summary>
/// <param name="ModelPath">The model file.</param>
/// <param name="ModelWritten">When the file that now serves was last written.</param>
/// <param name="ModelLoaded">When it was loaded.</param>
/// <param name="VocabularySize">How many words, or other tokens, the model knows.</param>
/// <param name="ParameterCount">Its trainable numbers.</param>
/// <param name="QueueLength">Texts that wait to be scored.</param>
/// <param name="QueueCapacity">How many may wait.</param>
/// <param name="ReloadError">Why a newer file could not be taken; null if the newest one serves.</param>
public sealed record ScorerStatus(
    string ModelPath,
    DateTimeOffset ModelWritten,
    DateTimeOffset ModelLoaded,
    int VocabularySize,
    long ParameterCount,
    int QueueLength,
    int QueueCapacity,
    string? ReloadError);
