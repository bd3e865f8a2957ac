using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>What a model needs to adapt to what it reads.</summary>
internal sealed record DynamicEvaluation(DynamicEvaluationOptions Options, GradientStatistics Statistics)
{
    /// <summary>Begins a text with the trained weights.</summary>
    public AdaptiveScorer Open(LanguageModelNetwork model, int endOfSentence) => new(model, this, endOfSentence);
}
