using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>Holds a model's next-word distributions against the true ones.</summary>
internal sealed class TruthMeter(
    LanguageModelTransformer model, AnalyzedText text, Func<IReadOnlyList<string>, IReadOnlyList<double>> truth, TruthDivergenceOptions options)
{
    // Rounding of the user's own sums.
    private const double MassTolerance = 1e-6;

    /// <summary>The distance of the one language model in a chain from the truth.</summary>
    public static TruthDivergence Measure(
        ITransformer model, IDataView data, Func<IReadOnlyList<string>, IReadOnlyList<double>> truth, TruthDivergenceOptions options,
        IProgress<AnalysisProgress>? progress, Cancellation cancellation)
    {
        ArgumentNullException.ThrowIfNull(truth);
        options.Validate();
        return new TruthMeter(ModelChain.Find(model), AnalyzedText.Read(model, data, cancellation), truth, options).Measure(progress, cancellation);
    }

    public TruthDivergence Measure(IProgress<AnalysisProgress>? progress, Cancellation cancellation)
    {
        LanguageModelNetwork network = model.Network;
        var contexts = new ContextSample(text, options.Contexts);
        double entropy = 0;
        double[] divergences = new double[contexts.Count];
        contexts.Visit(
            network,
            MixtureDistribution.RowsPerBlock(network.Embedding),
            (first, mixture) =>
            {
                torch.Tensor logs_n_v = MixtureDistribution.LogProbabilities(mixture, network.Embedding, network.DecoderBias);
                double[][] rows = [.. logs_n_v.to(torch.ScalarType.Float64).cpu().data<double>().ToArray().Chunk(model.Words.Count)];
                for (int i = 0; i < rows.Length; i++)
                {
                    IReadOnlyList<double> probabilities = Truth(contexts.Position(first + i));
                    for (int word = 0; word < rows[i].Length; word++)
                    {
                        if (probabilities[word] is > 0 and double p)
                        {
                            entropy -= p * Math.Log(p);
                            divergences[first + i] += p * (Math.Log(p) - rows[i][word]);
                        }
                    }
                }

                progress?.Report(new("", AnalysisStage.Distributions, (double)(first + rows.Length) / contexts.Count));
            },
            cancellation);
        return new(entropy / contexts.Count, divergences);
    }

    /// <summary>The true distribution of the word at a place of the stream, given those of its sentence before it.</summary>
    private IReadOnlyList<double> Truth(int position)
    {
        int start = position;
        while (start > 0 && text.Stream[start - 1] != text.EndOfSentence)
        {
            start--;
        }

        string[] sentence = [.. text.Stream[start..position].Select(word => model.Words[word])];
        IReadOnlyList<double> probabilities = truth(sentence);
        return probabilities.Count == model.Words.Count && probabilities.All(p => p >= 0) && Math.Abs(probabilities.Sum() - 1) <= MassTolerance
            ? probabilities
            : throw new ArgumentException(
                $"After '{string.Join(' ', sentence)}' the truth gives {probabilities.Count} numbers with the sum {probabilities.Sum()}; it must " +
                $"give a probability to each of the model's {model.Words.Count} words.", nameof(truth));
    }
}
