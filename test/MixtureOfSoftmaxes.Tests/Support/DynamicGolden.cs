using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Dynamic evaluation as PyTorch computed it: a file of Oracle/make_goldens.py.</summary>
internal sealed record DynamicGolden(
    NetworkShape Shape,
    Dictionary<string, double[]> Parameters,
    int[] TrainingStream,
    int[] Stream,
    int EndOfSentence,
    DynamicEvaluationOptions Options,
    Dictionary<string, double[]> Roots,
    double[] LogLikelihoods)
{
    public static DynamicGolden Read() =>
        JsonSerializer.Deserialize<DynamicGolden>(File.ReadAllText(Golden.PathOf("dynamic-evaluation.json")), ComponentJson.Options)!;

    public LanguageModelNetwork Network()
    {
        var network = new LanguageModelNetwork(Shape, CPU);
        foreach ((string name, double[] values) in Parameters)
        {
            network.Named(name).Set(values);
        }

        return network;
    }
}
