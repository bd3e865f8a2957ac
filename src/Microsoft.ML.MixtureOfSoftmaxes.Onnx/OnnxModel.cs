using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>A model in ONNX as it scores.</summary>
/// <param name="Settings">What the file says of it.</param>
/// <param name="Scoring">The columns it adds, and what rows are conditioned on.</param>
/// <param name="Vocabulary">What the ids stand for.</param>
/// <param name="Given">What every row continues; null for nothing, or for what a column says.</param>
internal sealed record OnnxModel(SavedSettings Settings, ScoringOptions Scoring, Vocabulary Vocabulary, int[]? Given = null) : IScoringModel
{
    public string TokensColumnName => Settings.TokensColumnName;

    public AdaptiveScorer? OpenAdaptive() => null;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public void Validate()
    {
        LanguageModel.Validate(Scoring, null);
        LanguageModel.CheckGiven(Given, Scoring);
    }
}
