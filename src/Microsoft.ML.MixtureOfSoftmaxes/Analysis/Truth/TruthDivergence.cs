namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How far a model is from a language whose true distributions are known, over contexts spread over data.</summary>
/// <param name="Entropy">The entropy of the true distributions, the mean over the contexts, nats: the lowest possible cross-entropy.</param>
/// <param name="Divergences">KL(truth || model) after each context, nats.</param>
public sealed record TruthDivergence(double Entropy, IReadOnlyList<double> Divergences)
{
    /// <summary>Mean KL(truth || model), nats.</summary>
    public double Divergence => Divergences.Average();

    /// <summary>Expected surprisal of the next word under the truth, nats: entropy and divergence.</summary>
    public double CrossEntropy => Entropy + Divergence;

    /// <summary>The share of the gap between another model and the truth that this one closes: 0 as far from it, 1 at the truth.</summary>
    public double GapClosed(TruthDivergence other) => 1 - (Divergence / other.Divergence);
}
