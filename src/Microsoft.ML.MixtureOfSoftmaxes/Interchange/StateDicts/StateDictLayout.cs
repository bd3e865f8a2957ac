using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>
/// The names of AWD-LSTM, AWD-LSTM-MoS and AWD-LSTM-DOC as their authors published them, to those of this library's network. The layouts are the
/// same: gates in the order of PyTorch, experts as rows of one matrix; weights that are dropped are named <c>..._raw</c>, and the decoder's are the
/// encoder's.
/// </summary>
internal sealed class StateDictLayout
{
    private const string Embedding = "encoder.weight";
    private const string Decoder = "decoder.weight";
    private const string Bias = "decoder.bias";
    private const string Latent = "latent.0.weight";
    private const string Prior = "prior.weight";

    private static readonly Dictionary<string, string> s_names = new()
    {
        ["embedding"] = Embedding,
        ["decoder_bias"] = Bias,
        ["head.experts.latent.weight"] = Latent,
        ["head.experts.latent.bias"] = "latent.0.bias",
        ["head.experts.prior.weight"] = Prior,
        ["head.prior.weight"] = Prior,
    };

    private readonly IReadOnlyDictionary<string, StoredTensor> _tensors;
    private readonly HashSet<string> _used = [];

    /// <exception cref="InvalidDataException">A tensor is missing, there is one that is not of such a network, or the sizes do not fit.</exception>
    public StateDictLayout(IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        _tensors = tensors;
        if (tensors.Keys.FirstOrDefault(name => name.Contains(".module.linear.", StringComparison.Ordinal)) is string quasi)
        {
            throw new InvalidDataException($"Tensor '{quasi}' is of a QRNN, and this library's layers are LSTMs.");
        }

        Shape = Measure();
        HasDecoder = tensors.ContainsKey(Decoder);
        _used.UnionWith([Embedding, Bias, Decoder]);
        if (Shape.Head != LanguageModelHead.Softmax)
        {
            _used.UnionWith(
                Shape.Head == LanguageModelHead.DirectOutputConnection ? DirectOutputLayout.Names(Shape) : [Latent, "latent.0.bias"]);
            _used.Add(Prior);
        }

        for (int layer = 0; layer < Shape.LayerCount; layer++)
        {
            _used.UnionWith(from parameter in LstmParameters from name in NamesOf(layer, parameter) select name);
        }

        if (tensors.Keys.Except(_used).ToArray() is [_, ..] others)
        {
            throw new InvalidDataException(
                $"It holds {string.Join(", ", others.Take(5).Select(name => $"'{name}'"))}{(others.Length > 5 ? "…" : "")}, which " +
                $"{(others.Length == 1 ? "is" : "are")} of no network that is read: AWD-LSTM, AWD-LSTM-MoS or AWD-LSTM-DOC, by their authors' " +
                "names.");
        }
    }

    /// <summary>The sizes of the network.</summary>
    public NetworkShape Shape { get; }

    /// <summary>Whether the decoder's weights are there as well, which must be the encoder's.</summary>
    public bool HasDecoder { get; }

    private static string[] LstmParameters => ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"];

    /// <summary>The name in the file of a parameter of the network.</summary>
    public string NameOf(string parameter) => parameter.Split('.') switch
    {
        ["encoder", string layer, "lstm", string name] => Find(NumberOf(layer, "layer"), name),
        ["head", string latent, string part] when latent.StartsWith("latent", StringComparison.Ordinal) =>
            DirectOutputLayout.NameOf(NumberOf(latent, "latent"), part, Shape),
        _ => s_names[parameter],
    };

    private static int NumberOf(string name, string prefix) => int.Parse(name[prefix.Length..], CultureInfo.InvariantCulture);

    private NetworkShape Measure()
    {
        (int vocabulary, int embedding) = Matrix(Embedding);
        int layers = 0;
        while (NamesOf(layers, "weight_ih_l0").Any(_tensors.ContainsKey))
        {
            layers++;
        }

        if (layers == 0)
        {
            throw new InvalidDataException($"There is no 'rnns.0.module.weight_ih_l0', nor 'rnns.0.weight_ih_l0': {OtherNames}");
        }

        int hidden = Matrix(Find(0, "weight_hh_l0")).Columns, last = Matrix(Find(layers - 1, "weight_hh_l0")).Columns;
        bool isMixture = _tensors.ContainsKey(Prior) || _tensors.ContainsKey(Latent);
        if (!isMixture && last != embedding)
        {
            throw new InvalidDataException(
                $"The last LSTM layer has {last} units and '{Embedding}' {embedding} columns, so the decoder is not tied to it, as this library's " +
                "is.");
        }

        var shape = new NetworkShape(
            isMixture ? LanguageModelHead.MixtureOfSoftmaxes : LanguageModelHead.Softmax, vocabulary, embedding, hidden, last, layers,
            isMixture ? Matrix(Prior).Rows : 1);
        if (DirectOutputLayout.Has(_tensors))
        {
            shape = DirectOutputLayout.Measure(shape, name => Matrix(name).Rows, _tensors);
        }

        try
        {
            shape.Validate();
            return shape;
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(OptionRange.MessageOf(e), e);
        }
    }

    private const string OtherNames = "the tensors have other names than their authors gave AWD-LSTM, AWD-LSTM-MoS and AWD-LSTM-DOC.";

    private (int Rows, int Columns) Matrix(string name) => !_tensors.TryGetValue(name, out StoredTensor? tensor)
        ? throw new InvalidDataException($"There is no '{name}': {OtherNames}")
        : tensor.Shape is [long rows and <= int.MaxValue, long columns and <= int.MaxValue]
            ? ((int)rows, (int)columns)
            : throw new InvalidDataException($"Tensor '{name}' has the shape {StoredTensor.Show(tensor.Shape)}, and should be a matrix.");

    private string Find(int layer, string parameter) =>
        NamesOf(layer, parameter).FirstOrDefault(_tensors.ContainsKey) ?? NamesOf(layer, parameter)[0];

    // Without weight dropout there is no wrapper. Beside a raw weight stands what dropout left of it, in some versions.
    private static string[] NamesOf(int layer, string parameter) =>
    [
        $"rnns.{layer}.module.{parameter}_raw", $"rnns.{layer}.module.{parameter}", $"rnns.{layer}.{parameter}",
    ];
}
