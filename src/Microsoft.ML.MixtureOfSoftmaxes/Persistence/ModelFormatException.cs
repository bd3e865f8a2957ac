namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>A component of this library cannot be read back; the message says why, and what to do.</summary>
internal sealed class ModelFormatException(string message, Exception? inner = null) : FormatException(message, inner);
