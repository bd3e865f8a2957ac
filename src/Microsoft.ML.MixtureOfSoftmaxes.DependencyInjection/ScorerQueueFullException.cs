namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>
/// The queue has no room for the texts, so that none of them entered it. Try again later (over HTTP: 503 with Retry-After), or
/// raise <see cref="LanguageModelScorerOptions.QueueCapacity"/>.
/// </summary>
public sealed class ScorerQueueFullException : Exception
{
    internal ScorerQueueFullException(int waiting, int capacity)
        : base($"{waiting} texts wait to be scored, and the queue holds {capacity}: try again later, or raise QueueCapacity.")
    {
    }
}
