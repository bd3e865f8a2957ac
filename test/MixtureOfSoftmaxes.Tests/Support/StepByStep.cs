using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>What a network says, one time step at a time, the mixture evaluated in plain C#.</summary>
internal static class StepByStep
{
    /// <summary>log P of every word in the place of each token of a text, given the tokens before it and <paramref name="first"/>.</summary>
    public static double[][] Distributions(LanguageModelNetwork network, int[] text, int first)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[] decoder = Tensors.Values(network.Embedding), bias = Tensors.Values(network.DecoderBias);
        RecurrentState state = network.InitialState(1);
        int last = first;
        var distributions = new List<double[]>();
        foreach (int word in text)
        {
            LanguageModelNetwork.Encoding encoding = network.Encode(Tensors.Ids([last], 1, 1), state, DropoutRates.None);
            distributions.Add(Distribution(encoding.Mixture, decoder, bias));
            (state, last) = (encoding.Next, word);
        }

        return [.. distributions];
    }

    private static double[] Distribution(Mixture mixture, double[] decoder, double[] bias)
    {
        double[] contexts = Tensors.Values(mixture.Contexts), logPriors = Tensors.Values(mixture.LogPriors!);
        int size = contexts.Length / logPriors.Length;
        double[][] experts =
        [
            .. contexts.Chunk(size).Select((context, k) =>
            {
                double[] logits = [.. bias.Select((b, v) => b + Numbers.Dot(context, decoder.AsSpan(v * size, size)))];
                double norm = Numbers.LogSumExp(logits);
                return logits.Select(logit => logPriors[k] + logit - norm).ToArray();
            }),
        ];
        return [.. bias.Select((_, v) => Numbers.LogSumExp([.. experts.Select(expert => expert[v])]))];
    }
}
