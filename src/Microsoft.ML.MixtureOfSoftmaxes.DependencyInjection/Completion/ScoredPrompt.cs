using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;
using Microsoft.ML.MixtureOfSoftmaxes.Generation;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Completion;

/// <summary>The tokens of a prompt with their scores, and the likeliest token after them.</summary>
/// <param name="prompt">The tokens.</param>
/// <param name="scores">Their scores, and those of what follows; null if they were not asked for.</param>
/// <param name="names">What the tokens are called.</param>
/// <param name="alternatives">How many of the likeliest tokens are told at each place.</param>
internal sealed class ScoredPrompt(PromptPieces prompt, SequenceScores? scores, TokenNames names, int alternatives)
{
    /// <summary>A token of the prompt.</summary>
    public CompletionToken this[int index]
    {
        get
        {
            int token = prompt.Tokens[index];
            int place = PlaceOf(index);
            bool isScored = scores is not null && place >= 0;
            return new(
                token, names.Of(token, Before(index)), prompt.Texts[index], isScored ? scores!.LogLikelihoods[place] : null,
                isScored ? [.. TopAt(place, Before(index)).Take(alternatives)] : [], IsPrompt: true, token == names.EndOfSentence);
        }
    }

    /// <summary>The likeliest token behind the prompt, as if it had been generated.</summary>
    public CompletionToken Likeliest(bool excludeUnknown)
    {
        int end = prompt.Tokens.Count;
        TokenAlternative[] top =
            [.. TopAt(PlaceOf(end), Before(end)).Where(alternative => !excludeUnknown || alternative.Id != names.Unknown)];
        return new(
            top[0].Id, top[0].Token, names.AddedTo(prompt.Text, top[0].Id), top[0].LogProbability, [.. top.Take(alternatives)], IsPrompt: false,
            top[0].Id == names.EndOfSentence);
    }

    private int PlaceOf(int index) => prompt.BeginsWithMark ? index - 1 : index;

    private int? Before(int index) => index == 0 ? null : prompt.Tokens[index - 1];

    private IEnumerable<TokenAlternative> TopAt(int place, int? before)
    {
        int count = scores!.Detail.TopCount;
        return Enumerable.Range(place * count, count)
            .Select(i => new TokenAlternative(scores.TopWords[i], names.Of(scores.TopWords[i], before), scores.TopLogLikelihoods[i]));
    }
}
