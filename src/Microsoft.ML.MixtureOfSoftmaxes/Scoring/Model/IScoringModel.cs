using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>How a model scores, whatever computes it.</summary>
internal interface IScoringModel
{
    /// <summary>The column it reads.</summary>
    string TokensColumnName { get; }

    /// <summary>The columns it adds, and what rows are conditioned on.</summary>
    ScoringOptions Scoring { get; }

    /// <summary>What the ids stand for.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>What every row continues; null for nothing, or for what a column says.</summary>
    int[]? Given { get; }

    /// <summary>The processes that score together; null for this one alone.</summary>
    Ranks? Ranks => null;

    /// <summary>A scorer that adapts to the text it reads, from the trained weights on; null for a model that does not.</summary>
    AdaptiveScorer? OpenAdaptive();
}
