using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>Hidden and cell states of every layer, each [1, B, size]: what the encoder remembers between passes.</summary>
internal sealed class RecurrentState(Tensor[] hidden, Tensor[] cell) : IDisposable
{
    /// <summary>B.</summary>
    public int Columns => (int)hidden[0].shape[1];

    /// <summary>Every tensor under a name of its own.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Named =>
        hidden.Select((h, layer) => KeyValuePair.Create($"hidden{layer}", h))
            .Concat(cell.Select((c, layer) => KeyValuePair.Create($"cell{layer}", c)));

    public Tensor Hidden(int layer) => hidden[layer];

    public Tensor Cell(int layer) => cell[layer];

    /// <summary>The start of a text: zeros.</summary>
    public static RecurrentState Zero(NetworkShape shape, long batch, Device device, ScalarType type)
    {
        Tensor[] Zeros() =>
        [
            .. Enumerable.Range(0, shape.LayerCount)
                .Select(layer => zeros(1, batch, shape.Layer(layer).Output, type, device).DetachFromDisposeScope()),
        ];
        return new(Zeros(), Zeros());
    }

    /// <summary>The same values cut off from the graph that made them, owned by the caller whatever scope is open.</summary>
    public RecurrentState Detach() => new(
        [.. hidden.Select(h => h.detach().DetachFromDisposeScope())], [.. cell.Select(c => c.detach().DetachFromDisposeScope())]);

    /// <summary>Some of the columns, in the order given and as often as given, owned by the caller whatever scope is open.</summary>
    public RecurrentState Select(Tensor columns)
    {
        return new([.. hidden.Select(Pick)], [.. cell.Select(Pick)]);

        Tensor Pick(Tensor x_1_b_h) => x_1_b_h.index_select(1, columns).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (Tensor tensor in hidden.Concat(cell))
        {
            tensor.Dispose();
        }
    }
}
