using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using TorchSharp;
using TorchSharp.Modules;
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

    // What the decoder multiplies is between -1 and 1, so weights beyond it give logits without digits after the point in float32.
    private const float Largest = 1 << 24;

    /// <exception cref="ModelFormatException">The network gives no distributions.</exception>
    public static void Check(LanguageModelNetwork network, int endOfSentence)
    {
        using IDisposable noGrad = no_grad();
        foreach ((string name, Parameter weights) in network.named_parameters())
        {
            using DisposeScope scope = NewDisposeScope();
            float least = weights.min().item<float>(), most = weights.max().item<float>();
            if (!(Math.Max(-least, most) <= Largest))
            {
                throw new ModelFormatException(FormattableString.Invariant(
                    $"The model's weights '{name}' go from {least} to {most}, so it has no probabilities: they are damaged, or training ") +
                    "diverged. Train it again.");
            }
        }

        int[] text = [.. Enumerable.Range(0, Math.Min(Words, network.Shape.VocabularySize))];
        var grid = new TokenGrid(text, endOfSentence, columns: 1, text.Length, network.Device);
        using RecurrentState state = network.InitialState(1);
        network.Read(grid, grid.Length, new(grid.Length), state, (_, encoding, _) =>
        {
            Tensor logP_n_v = MixtureDistribution.LogProbabilities(encoding.Mixture, network.Embedding, network.DecoderBias);
            if (!All(logP_n_v.ge(-Largest)) || !All(logP_n_v.logsumexp(1).abs().le(SumTolerance)))
            {
                throw new ModelFormatException(
                    "The model's weights give words no probabilities: they are damaged, or training diverged. Train it again.");
            }
        });
    }

    private static bool All(Tensor conditions) => conditions.all().item<bool>();
}
