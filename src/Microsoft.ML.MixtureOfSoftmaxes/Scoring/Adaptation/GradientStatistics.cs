using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>How large the gradient of each weight is on training data: s, the root of its summed squares, by parameter name.</summary>
/// <remarks>
/// Summed and not mean squares, as in the published code, to which the published rates belong: s grows with the root of the number of
/// gradients, so more training data makes smaller steps.
/// </remarks>
internal sealed class GradientStatistics(Dictionary<string, Tensor> roots) : IDisposable
{
    public IReadOnlyDictionary<string, Tensor> Roots => roots;

    /// <summary>
    /// What r is s divided by: the sum over parameters of the mean of s. It is the sum in the published code, to which the published decay
    /// rates belong; the paper speaks of the mean, which is smaller by the number of parameters.
    /// </summary>
    public double Normalizer
    {
        get
        {
            using DisposeScope scope = NewDisposeScope();
            return roots.Values.Sum(root => root.to(ScalarType.Float64).mean().item<double>());
        }
    }

    /// <summary>Statistics of the network that were saved as safetensors.</summary>
    /// <exception cref="InvalidDataException">They are of another network, or no sizes of gradients.</exception>
    public static GradientStatistics Read(Stream stream, LanguageModelNetwork network)
    {
        GradientStatistics statistics = Empty(network);
        try
        {
            Safetensors.ReadInto(stream, statistics.Roots);
            return statistics.AreSizes ? statistics : throw new InvalidDataException("Its values are no sizes of gradients.");
        }
        catch
        {
            statistics.Dispose();
            throw;
        }
    }

    /// <summary>Whether each is at least 0 and the root of a number, and not all are 0.</summary>
    private bool AreSizes
    {
        get
        {
            using DisposeScope scope = NewDisposeScope();
            return Normalizer > 0
                && roots.Values.All(root => root.min().item<float>() >= 0 && root.max().item<float>() <= MathF.Sqrt(float.MaxValue));
        }
    }

    /// <summary>Room for the statistics of a network.</summary>
    private static GradientStatistics Empty(LanguageModelNetwork network)
    {
        using DisposeScope scope = NewDisposeScope();
        return new(network.named_parameters().ToDictionary(p => p.name, p => zeros_like(p.parameter.detach()).DetachFromDisposeScope()));
    }

    /// <summary>Reads a token stream in columns side by side, all dropout off, on a copy of the model.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="stream">Training data.</param>
    /// <param name="endOfSentence">The word before the first.</param>
    /// <param name="options">Time steps of a gradient, and how many columns.</param>
    /// <param name="progress">Called with the number of tokens read so far.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArithmeticException">A gradient is not finite.</exception>
    public static GradientStatistics Collect(
        LanguageModelNetwork model, int[] stream, int endOfSentence, DynamicEvaluationOptions options, Action<long> progress,
        Cancellation cancellation)
    {
        int columns = Math.Clamp(stream.Length / options.SegmentLength, 1, options.StatisticsBatchSize);
        using LanguageModelNetwork network = model.Copy();
        using var loss = new MixtureCrossEntropy();
        var grid = new TokenGrid(stream, endOfSentence, columns, stream.Length / columns, network.Device);
        using RecurrentState state = network.InitialState(columns);
        GradientStatistics statistics = Empty(network);
        try
        {
            network.Read(
                grid, grid.Length, new(options.SegmentLength, isFixed: true), state,
                (start, encoding, targets) =>
                {
                    loss.Backward(encoding.Mixture, network.Embedding, network.DecoderBias, targets, scale: 1.0 / targets.shape[0]);
                    statistics.AddSquares(network);
                    progress(Math.Min(start + options.SegmentLength, grid.Length) * (long)columns);
                },
                cancellation: cancellation);

            statistics.TakeRoots();
            return statistics;
        }
        catch
        {
            statistics.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (Tensor root in roots.Values)
        {
            root.Dispose();
        }
    }

    private void AddSquares(LanguageModelNetwork network)
    {
        using IDisposable noGrad = no_grad();
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            Tensor gradient = parameter.grad!;
            roots[name].addcmul_(gradient, gradient, 1);
            gradient.zero_();
        }
    }

    private void TakeRoots()
    {
        foreach (Tensor sum in roots.Values)
        {
            sum.sqrt_();
        }

        if (!AreSizes)
        {
            throw new ArithmeticException("The gradient on the training data is 0 or not finite: the model's training has diverged.");
        }
    }
}
