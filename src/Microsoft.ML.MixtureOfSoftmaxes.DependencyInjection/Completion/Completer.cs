using System.Runtime.CompilerServices;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;
using Microsoft.ML.MixtureOfSoftmaxes.Generation;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Completion;

/// <summary>Reads prompts, has their tokens scored in the queue, and generates what follows, a token at a time.</summary>
/// <param name="served">The model in use: a completion ends with the one it began with.</param>
/// <param name="options">The limits.</param>
/// <param name="score">Puts a prompt into the queue.</param>
internal sealed class Completer(
    ServedModel served, LanguageModelScorerOptions options, Func<PromptRequest, CancellationToken, Task<SequenceScores>> score)
{
    private readonly GenerationTurns _turns = new(options.QueueCapacity);
    private int _generating;

    /// <summary>How many texts are generated or wait for it.</summary>
    public int Generating => Volatile.Read(ref _generating);

    /// <param name="read">Reads the prompt with the model.</param>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<CompletionToken> CompleteAsync(
        Func<LoadedModel, PromptPieces> read, CompletionOptions wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        wanted.Validate();
        using LoadedModel model = served.Use();
        TextGenerator? generator = wanted.Generation is null ? null : model.Generator.WithOptions(wanted.Generation);
        PromptPieces prompt = read(model);
        Check(prompt);
        bool isRead = generator is not null && IsReadOff(wanted);
        SequenceScores? scores = wanted.ScorePrompt
            ? await score(
                new(model, prompt.ToRead(), isRead ? Math.Max(1, wanted.AlternativeCount) + 1 : wanted.AlternativeCount),
                cancellationToken).ConfigureAwait(false)
            : null;
        var places = new ScoredPrompt(prompt, scores, model.Names, wanted.AlternativeCount);
        for (int i = 0; i < prompt.Tokens.Count; i++)
        {
            yield return places[i];
        }

        if (isRead)
        {
            yield return places.Likeliest(wanted.Generation!.ExcludeUnknownWord);
        }
        else if (generator is not null)
        {
            await foreach (CompletionToken token in GenerateAsync(model, generator, prompt, wanted.AlternativeCount, cancellationToken)
                .ConfigureAwait(false))
            {
                yield return token;
            }
        }
    }

    /// <summary>Whether all that is generated is the likeliest token after a prompt that is scored anyway: its scores say which that is.</summary>
    private static bool IsReadOff(CompletionOptions wanted) =>
        wanted is { ScorePrompt: true, Generation: { MaximumTokens: 1, Temperature: 0 } };

    private async IAsyncEnumerable<CompletionToken> GenerateAsync(
        LoadedModel model, TextGenerator generator, PromptPieces prompt, int alternatives,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _generating);
        try
        {
            using IDisposable turn = await _turns.TakeAsync(cancellationToken).ConfigureAwait(false);
            using IEnumerator<DrawnWord> words = generator.Draw(prompt.Text, prompt.ToRead(), cancellationToken).GetEnumerator();
            int? before = prompt.Tokens.Count > 0 ? prompt.Tokens[^1] : null;
            while (await Task.Run(() => model.Watch(words.MoveNext), cancellationToken).ConfigureAwait(false))
            {
                DrawnWord drawn = words.Current;
                yield return new(
                    drawn.Word, model.Names.Of(drawn.Word, before), drawn.Text, (float)drawn.LogProbability,
                    Alternatives.Of(drawn.LogProbabilities_v, alternatives, model.Names, before), IsPrompt: false, drawn.IsEndOfSentence);
                before = drawn.Word;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _generating);
        }
    }

    private void Check(PromptPieces prompt)
    {
        if (prompt.Tokens.Count > options.MaximumTextLength)
        {
            throw new ArgumentException(
                $"The prompt has {prompt.Tokens.Count} tokens, more than the {options.MaximumTextLength} allowed: shorten it, or raise " +
                "MaximumTextLength.");
        }
    }
}
