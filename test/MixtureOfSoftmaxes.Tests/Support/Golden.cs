using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>What PyTorch computed: a file of Oracle/make_goldens.py.</summary>
internal sealed record Golden(
    NetworkShape Shape,
    Dictionary<string, double[]> Parameters,
    int[][] Words,
    int[][] Targets,
    double[][] Hidden,
    double[][] Cell,
    double[] LogLikelihoods,
    double Loss,
    Dictionary<string, double[]> Gradients,
    double[][] NextHidden,
    double[][] NextCell,
    GoldenTraining[] Training)
{
    public const int Steps = 4, Batch = 3;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Oracle", "Goldens", name);

    public static Golden Read(string name) =>
        JsonSerializer.Deserialize<Golden>(File.ReadAllText(PathOf(name + ".json")), ComponentJson.Options)!;

    public LanguageModelNetwork Network()
    {
        var network = new LanguageModelNetwork(Shape, CPU);
        (string Name, Parameter Parameter)[] parameters = [.. network.named_parameters().Select(p => (p.name, p.parameter))];
        Assert.AreSequenceEqual(Parameters.Keys.Order(StringComparer.Ordinal), parameters.Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach ((string name, Parameter parameter) in parameters)
        {
            parameter.Set(Parameters[name]);
        }

        return network;
    }

    public RecurrentState State() => new(
        [.. Hidden.Select(h => Tensors.Singles(h, 1, Batch, h.Length / Batch))],
        [.. Cell.Select(c => Tensors.Singles(c, 1, Batch, c.Length / Batch))]);

    public Tensor WordIds(int window) => Tensors.Ids(Words[window], Steps, Batch);

    public Tensor TargetIds(int window) => Tensors.Ids(Targets[window], Steps * Batch);
}

/// <summary>Two steps of an optimiser from the golden's weights and state.</summary>
internal sealed record GoldenTraining(
    LanguageModelOptimizer Optimizer,
    double LearningRate,
    double ClipNorm,
    double WeightDecay,
    double ActivationRegularization,
    double TemporalActivationRegularization,
    double[] Losses,
    Dictionary<string, double[]> ParametersAfter);
