using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;

/// <summary>A prompt whose tokens wait for their scores by the model that they are tokens of.</summary>
/// <param name="model">The model, which the caller keeps in use.</param>
/// <param name="tokens">What follows the end of sentence that it begins after.</param>
/// <param name="topCount">How many of the likeliest tokens are wanted at each place.</param>
internal sealed class PromptRequest(LoadedModel model, int[] tokens, int topCount) : BatchRequest<SequenceScores>(tokens.Length)
{
    public LoadedModel Model => model;

    public int[] Tokens => tokens;

    public int TopCount => topCount;
}
