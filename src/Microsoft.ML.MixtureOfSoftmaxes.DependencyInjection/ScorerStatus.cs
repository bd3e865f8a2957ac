namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>The state of a scorer at some moment.</summary>
/// <param name="ModelPath">The model file.</param>
/// <param name="ModelWritten">When the file of the current model was written.</param>
/// <param name="ModelLoaded">When it was loaded.</param>
/// <param name="VocabularySize">The number of words, or other tokens, that the model knows.</param>
/// <param name="ParameterCount">The number of its parameters.</param>
/// <param name="QueueLength">The number of texts that wait to be scored.</param>
/// <param name="QueueCapacity">The maximum number of texts that may wait.</param>
/// <param name="ReloadError">Why a newer file could not be loaded; null if the newest file is in use.</param>
/// <param name="DeviceCount">How many devices have the model.</param>
/// <param name="FailedDeviceCount">How many of them failed when they were last used.</param>
/// <param name="DeviceError">How the first of these failed; null if none did.</param>
public sealed record ScorerStatus(
    string ModelPath,
    DateTimeOffset ModelWritten,
    DateTimeOffset ModelLoaded,
    int VocabularySize,
    long ParameterCount,
    int QueueLength,
    int QueueCapacity,
    string? ReloadError,
    int DeviceCount,
    int FailedDeviceCount,
    string? DeviceError);
