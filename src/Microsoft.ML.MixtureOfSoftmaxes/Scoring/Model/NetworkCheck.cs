using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Whether the weights of a loaded network give distributions over words: whatever they were saved from, they are judged by what they do.
/// </summary>
internal static class NetworkCheck
{
    // A first word alone would leave the recurrent weights out.
    private const int Words = 4;
    private const double SumTolerance = 0.01;

    // Logits this far apart have no digits after the point in float32.
    private const double LowestLogProbability = -(1 << 24);

    /// <exception cref="ModelFormatException">The network gives no distributions.</exception>
    public static void Check(LanguageModelNetwork network, int endOfSentence)
    {
        if (!network.IsFinite)
        {
            throw new ModelFormatException(
                "The model's weights are not all finite numbers of a sensible size, so it has no probabilities: train it again.");
        }

        using IDisposable noGrad = no_grad();
        int[] text = [.. Enumerable.Range(0, Math.Min(Words, network.Shape.VocabularySize))];
        using var grid = new TokenGrid(text, endOfSentence, columns: 1, text.Length, network.Device);
        using RecurrentState state = network.InitialState(1);
        network.Read(grid, grid.Length, grid.Length, state, (_, encoding, _) =>
        {
            Tensor logP_n_v = MixtureDistribution.LogProbabilities(encoding.Mixture, network.Embedding, network.DecoderBias);
            if (!All(logP_n_v.ge(LowestLogProbability)) || !All(logP_n_v.logsumexp(1).abs().le(SumTolerance)))
            {
                throw new ModelFormatException(
                    "The model's weights give words no probabilities: they are damaged, or training diverged. Train it again.");
            }
        });
    }

    private static bool All(Tensor conditions) => conditions.all().item<bool>();
}
