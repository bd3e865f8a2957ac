using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>A copy of the weights that did best on the validation data so far.</summary>
internal sealed class BestWeights(LanguageModelNetwork network) : IDisposable
{
    private Dictionary<string, Tensor>? _weights;

    public double ValidationLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>Keeps the network's weights if their loss is the lowest so far, and says whether it is.</summary>
    public bool Offer(double validationLoss)
    {
        if (!(validationLoss < ValidationLoss))
        {
            return false;
        }

        ValidationLoss = validationLoss;
        using DisposeScope scope = NewDisposeScope();
        Dispose();
        _weights = network.state_dict().ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());
        return true;
    }

    /// <summary>Puts the kept weights back into the network; without any it stays as it is.</summary>
    public void Restore()
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
