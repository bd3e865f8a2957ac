using Microsoft.Extensions.Logging;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

/// <summary>The log messages of the scorer.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Serving '{Path}': {Words} words, {Parameters} parameters.")]
    public static partial void Loaded(ILogger logger, string path, int words, long parameters);

    [LoggerMessage(2, LogLevel.Error, "The new '{Path}' cannot be used; the model loaded before stays in use. {Reason}")]
    public static partial void ReloadFailed(ILogger logger, Exception exception, string path, string reason);

    [LoggerMessage(3, LogLevel.Error, "A text of {Length} characters, or tokens, could not be scored.")]
    public static partial void ScoringFailed(ILogger logger, Exception exception, int length);

    [LoggerMessage(4, LogLevel.Error, "A batch of {Count} could not be scored. {Reason}")]
    public static partial void BatchFailed(ILogger logger, Exception exception, int count, string reason);
}
