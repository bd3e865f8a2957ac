using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

/// <summary>
/// A run that is watched from inside: the weights at every event. Its text counts up and its validation text counts down, so what is
/// learned of the one makes the other worse.
/// </summary>
internal sealed class WatchedRun : IDisposable
{
    private readonly MixtureOfSoftmaxesTrainer.Options _options;
    private readonly TrainingData _data;

    public WatchedRun(MixtureOfSoftmaxesTrainer.Options options, TrainingState? state = null)
    {
        _options = options;
        ComputeDevice.Seed(1);
        var network = new LanguageModelNetwork(options.Shape(Shapes.Vocabulary), CPU);
        _data = new(TokenTexts.Of(Training), Validation, endOfSentence: 1, seed: 1, options, CPU);
        Session = new(network, options, _data.Columns, seed: 1, state ?? new() { LearningRate = options.LearningRate });
    }

    public static int[] Training { get; } = [.. Enumerable.Range(0, 400).Select(i => 2 + (i % 11))];

    public static int[] Validation { get; } = [.. Enumerable.Range(0, 100).Select(i => 12 - (i % 11))];

    public TrainingSession Session { get; }

    public LanguageModelNetwork Network => Session.Network;

    /// <summary>Events in order, each with the weights that the network had.</summary>
    public List<(TrainingProgress Progress, Dictionary<string, double[]> Weights)> Events { get; } = [];

    public double[] ValidationLosses =>
        [.. Events.Select(e => e.Progress.ValidationPerplexity).OfType<double>().Select(perplexity => Math.Log(perplexity))];

    public static Dictionary<string, double[]> WeightsOf(LanguageModelNetwork network) =>
        network.named_parameters().ToDictionary(p => p.name, p => Tensors.Values(p.parameter));

    public void Run()
    {
        IHost host = ((IHostEnvironment)new MLContext()).Register("Test");
        using IChannel channel = host.Start("Test");
        using IProgressChannel progress = host.StartProgressChannel("Test");
        var recorder = new Recorder(e => Events.Add((e, WeightsOf(Network))));
        using var reporter = new ProgressReporter(channel, progress, recorder, logFile: null);
        new TrainingRun(Session, _data, _options, checkpointer: null, reporter, new(host)).Run();
    }

    public void Dispose()
    {
        Session.Dispose();
        Network.Dispose();
    }
}
