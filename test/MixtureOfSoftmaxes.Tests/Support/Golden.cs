using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>What PyTorch computed: a file of Oracle/make_goldens.py.</summary>
internal sealed record Golden(
    NetworkShape Shape,
    Dictionary<string, double[]> Parameters,
    int[] Stream,
    int EndOfSentence,
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
        Assert.AreSequenceEqual(
            Parameters.Keys.Order(StringComparer.Ordinal), parameters.Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach ((string name, Parameter parameter) in parameters)
        {
            parameter.Set(Parameters[name]);
        }

        return network;
    }

    /// <summary>The state of some of the columns before the first window.</summary>
    public RecurrentState State(int column = 0, int columns = Batch)
    {
        return new([.. Hidden.Select(Cut)], [.. Cell.Select(Cut)]);

        Tensor Cut(double[] values) =>
            Tensors.Singles(values, 1, Batch, values.Length / Batch).narrow(1, column, columns).contiguous();
    }

    /// <summary>Two windows of <see cref="Steps"/> time steps.</summary>
    public TokenGrid Grid() => new(Stream, EndOfSentence, Batch, 2 * Steps, CPU);
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
    Dictionary<string, double[]> ParametersAfter,
    double PriorRegularization = 0);
