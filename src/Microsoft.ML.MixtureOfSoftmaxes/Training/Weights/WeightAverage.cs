using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// The mean of the weights after each step since averaging began (averaged SGD, Polyak and Juditsky 1992, with t0 = 0 and lambda = 0).
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly Dictionary<string, Tensor> _weights;

    /// <summary>Starts from the network's weights, to be replaced by those after the next step.</summary>
    public WeightAverage(LanguageModelNetwork network) => _weights = network.CopyWeights();

    /// <summary>The mean itself, by parameter name; owned by this object.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _weights;

    /// <summary>Adds the network's weights as those of step <paramref name="count"/>, from 1.</summary>
    public void Add(LanguageModelNetwork network, long count)
    {
        double share = 1.0 / count;
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor current) in network.state_dict())
        {
            _weights[name].mul_(1 - share).add_(current, share);
        }
    }

    /// <summary>Puts the mean into the network until disposed; then its own weights are back, bit by bit.</summary>
    public IDisposable Use(LanguageModelNetwork network) => new Borrowed(network, _weights);

    public void Dispose()
    {
        foreach (Tensor tensor in _weights.Values)
        {
            tensor.Dispose();
        }
    }

    private sealed class Borrowed : IDisposable
    {
        private readonly LanguageModelNetwork _network;
        private readonly Dictionary<string, Tensor> _own;

        public Borrowed(LanguageModelNetwork network, Dictionary<string, Tensor> average)
        {
            _network = network;
            _own = network.CopyWeights();
            network.load_state_dict(average);
        }

        public void Dispose()
        {
            _network.load_state_dict(_own);
            foreach (Tensor tensor in _own.Values)
            {
                tensor.Dispose();
            }
        }
    }
}
