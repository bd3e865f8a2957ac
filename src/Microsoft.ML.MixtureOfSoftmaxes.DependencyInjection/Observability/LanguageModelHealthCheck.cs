using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

/// <summary>
/// Reports the status of the scorer. If the first model cannot be loaded there is no scorer, and the check is unhealthy. Reports go to
/// whoever asks, so they name no folders, and no causes, which may: these are in the log and in <see cref="ScorerStatus"/>.
/// </summary>
internal sealed class LanguageModelHealthCheck(IServiceProvider services, string? model) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Resolved here and not by the constructor, whose error would be no report of a check but an error of all checks.
        ScorerStatus status = services.GetRequiredKeyedService<ILanguageModelScorer>(model).Status;
        var data = new Dictionary<string, object>
        {
            ["modelFile"] = Path.GetFileName(status.ModelPath),
            ["modelWritten"] = status.ModelWritten,
            ["modelLoaded"] = status.ModelLoaded,
            ["vocabularySize"] = status.VocabularySize,
            ["parameterCount"] = status.ParameterCount,
            ["queueLength"] = status.QueueLength,
            ["queueCapacity"] = status.QueueCapacity,
        };
        if (status.FailedDeviceCount == status.DeviceCount)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("The GPU failed, the log says how: start the process again.", data: data));
        }

        string? trouble =
            status.FailedDeviceCount > 0 ? $"{status.FailedDeviceCount} of {status.DeviceCount} GPUs failed, the log says how."
            : status.ReloadError is not null ? "The newest model file cannot be used, the log says why; the model loaded before serves."
            : status.QueueLength >= status.QueueCapacity ? "The queue is full: texts are refused."
            : null;
        return Task.FromResult(trouble is null
            ? HealthCheckResult.Healthy("The model serves.", data)
            : HealthCheckResult.Degraded(trouble, data: data));
    }
}
