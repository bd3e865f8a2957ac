namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>
/// Says how likely texts are under a language model. Safe to call from any number of threads: texts of concurrent callers go
/// through the network together. Each text is scored by itself, whatever context the model was saved with. Scores have their tokens if
/// <see cref="LanguageModelScorerOptions.IncludeTokens"/> is set.
/// </summary>
public interface ILanguageModelScorer
{
    /// <summary>Scores one text.</summary>
    /// <param name="text">Any text, also an empty one.</param>
    /// <param name="cancellationToken">Gives up waiting; a text not yet in work is not scored then.</param>
    /// <exception cref="ArgumentException">The text is null or longer than allowed.</exception>
    /// <exception cref="ScorerQueueFullException">Too many texts wait already.</exception>
    /// <exception cref="ObjectDisposedException">The scorer is shut down.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The model has no finite log-likelihood for the text.</exception>
    ValueTask<TextScore> ScoreAsync(string text, CancellationToken cancellationToken = default);

    /// <summary>Scores several texts; the result has one score a text, in their order. All are taken into the queue, or none.</summary>
    /// <inheritdoc cref="ScoreAsync(string, CancellationToken)"/>
    ValueTask<IReadOnlyList<TextScore>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default);

    /// <summary>Which model serves, and how many texts wait.</summary>
    ScorerStatus Status { get; }
}
