namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A transformer that adds score columns, whatever computes them.</summary>
internal interface IScoringTransformer : ITransformer, IDisposable
{
    /// <summary>How it scores.</summary>
    IScoringModel Model { get; }

    /// <summary>Numbers of the network.</summary>
    long ParameterCount { get; }

    /// <summary>The same model with other columns or another context; the two share what computes.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    IScoringTransformer WithScoring(ScoringOptions scoring);

    /// <summary>The same model, whose rows all continue one context.</summary>
    IScoringTransformer WithGiven(int[] context);

    /// <summary>Scores token sequences, each by itself: the first token after an end of sentence, which is predicted last as well.</summary>
    SequenceScores[] ScoreRows(IReadOnlyList<int[]> rows, TokenDetail detail);
}
