using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Steps;

/// <summary>Single steps on random words, from weights of the test's own.</summary>
internal sealed class SingleStep : IDisposable
{
    public const int Columns = 4, Length = 20;

    private readonly TrainingSession _session;

    /// <param name="options">Those of the step.</param>
    /// <param name="firstColumn">The first of the columns of the whole text that this one sees.</param>
    /// <param name="columns">How many it sees.</param>
    public SingleStep(MixtureOfSoftmaxesTrainer.Options options, int firstColumn = 0, int columns = Columns)
    {
        int[] text = Numbers.Ids(new Random(3), 1 + (Columns * Length), Shapes.Vocabulary);
        int begin = 1 + (firstColumn * Length);
        Grid = new(text[begin..(begin + (columns * Length))], endOfSentence: text[begin - 1], columns, Length, CPU);
        Network = new LanguageModelNetwork(options.Shape(Shapes.Vocabulary), CPU).Randomize(seed: 4, scale: 0.3);
        _session = new(Network, options, columns, seed: 1, new() { LearningRate = options.LearningRate });
    }

    public TokenGrid Grid { get; }

    public LanguageModelNetwork Network { get; }

    public RecurrentState[] Memory => _session.Memory;

    /// <summary>Options of a step that is the gradient and nothing else.</summary>
    public static MixtureOfSoftmaxesTrainer.Options Plain()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.LayerCount = 2;
        options.BatchSize = Columns;
        options.ClipNorm = 1e9;
        options.WeightDecay = 0;
        return options;
    }

    /// <summary>One step; the loss.</summary>
    public double Run(int start, int length, double rate, long seed = 1) =>
        _session.Step.Run(Grid, start, length, _session.Memory, rate, seed);

    /// <summary>The gradient that <see cref="Run"/> would descend, at the weights as they are, which stay.</summary>
    public Dictionary<string, double[]> Gradient(int start, int length, long seed = 1)
    {
        Run(start, length, rate: 0, seed);
        return Network.named_parameters().ToDictionary(p => p.name, p => Tensors.Values(p.parameter.grad!));
    }

    public void SetWeights(Dictionary<string, double[]> weights)
    {
        foreach ((string name, Parameter parameter) in Network.named_parameters())
        {
            parameter.Set(weights[name]);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        Network.Dispose();
    }
}
