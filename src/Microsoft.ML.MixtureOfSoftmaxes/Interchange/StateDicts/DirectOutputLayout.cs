using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>
/// The names of AWD-LSTM-DOC (Takase, Suzuki, Nagata, 2018) beside those of AWD-LSTM-MoS: the experts of its first and its second layer have weights
/// of their own. Rows of the prior are in this library's order, from the lowest layer up.
/// </summary>
internal static class DirectOutputLayout
{
    private const string Last = "latent";

    // By layer, the first one first.
    private static readonly string[] s_lower = ["weight4first", "weight4second"];

    private static readonly string[] s_parts = ["weight", "bias"];

    /// <summary>Whether the tensors are of such a network.</summary>
    /// <exception cref="InvalidDataException">There are experts of word embeddings.</exception>
    public static bool Has(IReadOnlyDictionary<string, StoredTensor> tensors) => tensors.ContainsKey("weight4embed.weight")
        ? throw new InvalidDataException(
            "Tensor 'weight4embed.weight' makes experts of word embeddings, and this library's are made of the outputs of LSTM layers.")
        : s_lower.Any(name => tensors.ContainsKey(Weight(name)));

    /// <summary>The shape of a mixture with its experts of lower layers.</summary>
    /// <param name="shape">The other sizes.</param>
    /// <param name="rows">The rows of a matrix by its name.</param>
    /// <param name="tensors">Those of the file.</param>
    /// <exception cref="InvalidDataException">The layers below the last do not have as many experts each.</exception>
    public static NetworkShape Measure(NetworkShape shape, Func<string, int> rows, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        (int Layer, int Experts)[] lower =
        [
            .. s_lower.Index().Where(name => tensors.ContainsKey(Weight(name.Item)))
                .Select(name => (name.Index, rows(Weight(name.Item)) / shape.EmbeddingSize)),
        ];
        if (lower[^1].Layer != shape.LayerCount - 2 || lower[^1].Layer - lower[0].Layer != lower.Length - 1
            || lower.Any(layer => layer.Experts != lower[0].Experts))
        {
            throw new InvalidDataException(
                $"Of its {shape.LayerCount} layers {string.Join(" and ", lower.Select(layer => $"layer {layer.Layer + 1} has {layer.Experts}"))} " +
                "experts, and this library's networks have them in the layers next below the last, as many in each.");
        }

        return shape with
        {
            Head = LanguageModelHead.DirectOutputConnection,
            LowerExperts = lower[0].Experts,
            LowerLayers = lower.Length,
        };
    }

    /// <summary>The name in the file of a layer's part of the head, <c>weight</c> or <c>bias</c>.</summary>
    public static string NameOf(int layer, string part, NetworkShape shape) =>
        $"{(layer == shape.LayerCount - 1 ? Last : s_lower[layer])}.{part}";

    /// <summary>All names of the head's parts of layers.</summary>
    public static IEnumerable<string> Names(NetworkShape shape) =>
        from layer in Enumerable.Range(shape.FirstContextLayer, shape.LowerLayers + 1)
        from part in s_parts
        select NameOf(layer, part, shape);

    private static string Weight(string name) => $"{name}.weight";
}
