namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>
/// Scores texts: how likely they are under a language model. Thread-safe: texts of concurrent callers go through the network
/// together. Each text is scored by itself, whatever context the model was saved with. Scores contain tokens if
/// <see cref="LanguageModelScorerOptions.IncludeTokens"/> is set.
/// </summary>
public interface ILanguageModelScorer
{
    /// <summary>Scores one text.</summary>
    /// <param name="text">Any text; it may be empty.</param>
    /// <param name="cancellationToken">Stops waiting. A text that is still in the queue is not scored then.</param>
    /// <exception cref="ArgumentException">The text is null or longer than allowed.</exception>
    /// <exception cref="ScorerQueueFullException">The queue is full.</exception>
    /// <exception cref="ObjectDisposedException">The scorer is shut down.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The text could not be scored, or has no finite log-likelihood.</exception>
    ValueTask<TextScore> ScoreAsync(string text, CancellationToken cancellationToken = default);

    /// <summary>
    /// Scores several texts, which enter the queue together or not at all. Returns a score for each, in their order.
    /// </summary>
    /// <param name="texts">Any texts; they may be empty.</param>
    /// <param name="cancellationToken">Stops waiting. Texts that are still in the queue are not scored then.</param>
    /// <inheritdoc cref="ScoreAsync(string, CancellationToken)"/>
    ValueTask<IReadOnlyList<TextScore>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default);

    /// <summary>
    /// Scores texts given a context, log P(continuation | context), and tells whether greedy decoding gives them. The context is read once for
    /// all of them. They enter the queue together or not at all.
    /// </summary>
    /// <param name="context">The text that all of them continue.</param>
    /// <param name="continuations">What may follow it; of byte pairs, a word begins with the space before it.</param>
    /// <param name="cancellationToken">Stops waiting. Texts that are still in the queue are not scored then.</param>
    /// <returns>A score for each continuation, in their order.</returns>
    /// <exception cref="ArgumentException">
    /// A text is null or longer than allowed, the context or a continuation has no token, or a byte-pair token of the whole text lies across the
    /// border between the two.
    /// </exception>
    /// <inheritdoc cref="ScoreAsync(string, CancellationToken)"/>
    ValueTask<IReadOnlyList<TextScore>> ScoreAsync(
        string context, IReadOnlyList<string> continuations, CancellationToken cancellationToken = default);

    /// <summary>The current model and the state of the queue.</summary>
    ScorerStatus Status { get; }
}
