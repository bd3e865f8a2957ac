using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

/// <summary>
/// Reports the status of the scorer. If the first model cannot be loaded there is no scorer, and the check is unhealthy.
/// </summary>
internal sealed class LanguageModelHealthCheck(ILanguageModelScorer scorer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ScorerStatus status = scorer.Status;
        var data = new Dictionary<string, object>
        {
            ["modelPath"] = status.ModelPath,
            ["modelWritten"] = status.ModelWritten,
            ["modelLoaded"] = status.ModelLoaded,
            ["vocabularySize"] = status.VocabularySize,
            ["parameterCount"] = status.ParameterCount,
            ["queueLength"] = status.QueueLength,
            ["queueCapacity"] = status.QueueCapacity,
        };
        string? trouble = status.ReloadError
            ?? (status.QueueLength >= status.QueueCapacity ? "The queue is full: texts are refused." : null);
        return Task.FromResult(trouble is null
            ? HealthCheckResult.Healthy("The model serves.", data)
            : HealthCheckResult.Degraded(trouble, data: data));
    }
}
