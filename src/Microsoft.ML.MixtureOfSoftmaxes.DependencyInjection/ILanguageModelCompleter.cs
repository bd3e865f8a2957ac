namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>
/// Continues texts with a language model, and tells how probable each token is. Safe to call from any thread. The tokens of prompts are
/// scored together with the texts of <see cref="ILanguageModelScorer"/>, in the same queue; generation takes turns with them token by token.
/// </summary>
public interface ILanguageModelCompleter
{
    /// <summary>The tokens of a prompt, and then those that the model generates, each when it is there.</summary>
    /// <param name="prompt">
    /// What the text begins with, read after an end of sentence; empty for the beginning of a sentence. If it begins with the
    /// end-of-sentence mark, it is read after that one.
    /// </param>
    /// <param name="options">What is generated, and what is told of it; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">While enumerating: the prompt is too long, or an option is out of its range.</exception>
    /// <exception cref="ScorerQueueFullException">There is no room in the queue.</exception>
    /// <exception cref="InvalidOperationException">The model cannot read the prompt, or has no probability for it.</exception>
    /// <exception cref="ObjectDisposedException">The scorer is shut down.</exception>
    /// <example>
    /// <code>
    /// await foreach (CompletionToken token in completer.CompleteAsync("the company said", cancellationToken: cancellationToken))
    /// {
    ///     await response.WriteAsync(token.Text, cancellationToken);
    /// }
    /// </code>
    /// </example>
    IAsyncEnumerable<CompletionToken> CompleteAsync(
        string prompt, CompletionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The same for a prompt that comes as tokens.</summary>
    /// <param name="promptTokens">Positions in <see cref="LanguageModelTransformer.Words"/>.</param>
    /// <param name="options">What is generated, and what is told of it; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <inheritdoc cref="CompleteAsync(string, CompletionOptions?, CancellationToken)"/>
    IAsyncEnumerable<CompletionToken> CompleteAsync(
        IReadOnlyList<int> promptTokens, CompletionOptions? options = null, CancellationToken cancellationToken = default);
}
