using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>Hidden and cell states of every layer, each [1, B, size]: what the encoder remembers between passes.</summary>
internal sealed class RecurrentState(Tensor[] hidden, Tensor[] cell) : IDisposable
{
    private Tensor[] _hidden = hidden;
    private Tensor[] _cell = cell;

    /// <summary>B.</summary>
    public int Columns => (int)_hidden[0].shape[1];

    /// <summary>Every tensor under a name of its own.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Named =>
        _hidden.Select((h, layer) => KeyValuePair.Create($"hidden{layer}", h))
            .Concat(_cell.Select((c, layer) => KeyValuePair.Create($"cell{layer}", c)));

    public Tensor Hidden(int layer) => _hidden[layer];

    public Tensor Cell(int layer) => _cell[layer];

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

    /// <summary>
    /// Takes the values of the state after a pass, cut off from the graph that made them; its own are freed. Whatever scope is open, the
    /// state belongs to who made it, so that one <c>using</c> frees it however the passes end.
    /// </summary>
    public void Advance(RecurrentState next)
    {
        Dispose();
        _hidden = Detach(next._hidden);
        _cell = Detach(next._cell);

        static Tensor[] Detach(Tensor[] tensors) => [.. tensors.Select(tensor => tensor.detach().DetachFromDisposeScope())];
    }

    /// <summary>Some of the columns, in the order given and as often as given, owned by the caller whatever scope is open.</summary>
    public RecurrentState Select(Tensor columns)
    {
        return new([.. _hidden.Select(Pick)], [.. _cell.Select(Pick)]);

        Tensor Pick(Tensor x_1_b_h) => x_1_b_h.index_select(1, columns).DetachFromDisposeScope();
    }

    /// <summary>The same values, owned by the caller whatever scope is open: no copy, for a state is replaced and never written to.</summary>
    public RecurrentState Share()
    {
        return new([.. _hidden.Select(Alias)], [.. _cell.Select(Alias)]);

        static Tensor Alias(Tensor x_1_b_h) => x_1_b_h.detach().DetachFromDisposeScope();
    }

    /// <summary>The columns of all, one after the other, owned by the caller whatever scope is open.</summary>
    public static RecurrentState Join(IReadOnlyList<RecurrentState> states)
    {
        return new(Join(state => state._hidden), Join(state => state._cell));

        Tensor[] Join(Func<RecurrentState, Tensor[]> part) =>
        [
            .. Enumerable.Range(0, part(states[0]).Length)
                .Select(layer => cat([.. states.Select(state => part(state)[layer])], dim: 1).DetachFromDisposeScope()),
        ];
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _hidden.Concat(_cell))
        {
            tensor.Dispose();
        }
    }
}
