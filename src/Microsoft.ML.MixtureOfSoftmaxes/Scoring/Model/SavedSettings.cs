using System.Text.Json.Serialization;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A language model's settings as they are saved.</summary>
/// <param name="TokensColumnName">The column it reads.</param>
/// <param name="Scoring">The columns it adds, and what rows are conditioned on.</param>
/// <param name="Network">The sizes of the network.</param>
/// <param name="UnknownWord">The word that stands for unknown ones.</param>
/// <param name="EndOfSentence">The mark at the end of each row.</param>
/// <param name="WeightsSha256">Format 1.1 had the checksum of the weights here, and no other.</param>
/// <param name="TokenEncoding">What the tokens stand for.</param>
/// <param name="DynamicEvaluation">How the model adapts to what it reads; null for not at all.</param>
internal sealed record SavedSettings(
    string TokensColumnName, ScoringOptions Scoring, NetworkShape Network, string UnknownWord, string EndOfSentence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WeightsSha256 = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] TokenEncoding TokenEncoding = TokenEncoding.Words,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DynamicEvaluationOptions? DynamicEvaluation = null)
{
    /// <exception cref="ArgumentException">A setting is out of the range that the options have.</exception>
    public void Validate()
    {
        OptionRange.Name(TokensColumnName);
        Network.Validate();
        Marks.Check(UnknownWord, EndOfSentence);
        OptionRange.Defined(TokenEncoding);
        LanguageModel.Validate(Scoring, DynamicEvaluation);
    }
}
