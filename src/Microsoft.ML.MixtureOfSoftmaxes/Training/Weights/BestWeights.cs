using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>A copy of the weights that did best on the validation data so far.</summary>
internal sealed class BestWeights : IDisposable
{
    private Dictionary<string, Tensor>? _weights;

    /// <summary>The kept weights by parameter name; null before the first.</summary>
    public IReadOnlyDictionary<string, Tensor>? Weights => _weights;

    /// <summary>Keeps the network's weights in place of those kept before.</summary>
    public void Keep(LanguageModelNetwork network)
    {
        Dispose();
        _weights = network.CopyWeights();
    }

    /// <summary>Puts the kept weights back into the network; without any it stays as it is.</summary>
    public void Restore(LanguageModelNetwork network)
    {
        if (_weights is not null)
        {
            network.load_state_dict(_weights);
        }
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _weights?.Values ?? Enumerable.Empty<Tensor>())
        {
            tensor.Dispose();
        }
    }
}
