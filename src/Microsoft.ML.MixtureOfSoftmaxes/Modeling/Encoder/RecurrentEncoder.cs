using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>Embedded words through single-layer LSTMs: g[c], the context that the head turns into a distribution (AWD-LSTM).</summary>
internal sealed class RecurrentEncoder : nn.Module
{
    private readonly WeightDropLstm[] _layers;
    private readonly int _firstContextLayer;

    public RecurrentEncoder(NetworkShape shape, Device device, bool useKernels) : base(nameof(RecurrentEncoder))
    {
        _firstContextLayer = shape.FirstContextLayer;
        _layers =
        [
            .. Enumerable.Range(0, shape.LayerCount)
                .Select(i => new WeightDropLstm(shape.Layer(i).Input, shape.Layer(i).Output, device, useKernels)),
        ];
        for (int i = 0; i < _layers.Length; i++)
        {
            register_module($"layer{i}", _layers[i]);
        }
    }

    /// <summary>
    /// Embedded words [T, B, d] to contexts [T, B, H]: raw, with output dropout, and, for the head, with the outputs of the lower layers that it
    /// reads before them, dropped as for the layer above. The next state belongs to the graph; detach it to keep it.
    /// </summary>
    public (Tensor Raw, Tensor Dropped, Tensor Contexts, RecurrentState Next) Encode(
        Tensor embedded_t_b_d, RecurrentState state, DropoutRates rates, Precision precision)
    {
        Tensor x = Dropout.Locked(embedded_t_b_d, rates.At(DropoutSite.Input));
        var contexts = new List<Tensor>();
        var hidden = new Tensor[_layers.Length];
        var cell = new Tensor[_layers.Length];
        for (int i = 0; i < _layers.Length; i++)
        {
            Tensor input = i == 0 ? x : Dropout.Locked(x, rates.At(DropoutSite.Hidden, i));
            if (i > _firstContextLayer)
            {
                contexts.Add(input);
            }

            (x, hidden[i], cell[i]) = _layers[i].Call(input, state.Hidden(i), state.Cell(i), precision);
        }

        Tensor dropped = Dropout.Locked(x, rates.At(DropoutSite.Output));
        return (x, dropped, contexts.Count == 0 ? dropped : cat([.. contexts, dropped], 2), new RecurrentState(hidden, cell));
    }

    /// <summary>Drops recurrent weights of every layer until disposed; see <see cref="WeightDropLstm.DropWeights"/>.</summary>
    public IDisposable DropWeights(DropoutRates rates) =>
        new DroppedLayers(rates.Weight == 0 ? [] : [.. _layers.Select((layer, i) => layer.DropWeights(rates.At(DropoutSite.Weight, i)))]);

    private sealed class DroppedLayers(IDisposable[] layers) : IDisposable
    {
        public void Dispose() => Array.ForEach(layers, layer => layer.Dispose());
    }
}
