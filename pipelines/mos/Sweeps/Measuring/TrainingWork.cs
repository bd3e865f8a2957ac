using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using TorchSharp;
using static TorchSharp.torch;
using Settings = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Sweeps.Measuring;

/// <summary>Training steps with a network of their own, whose weights are random: what a step costs does not depend on them.</summary>
internal sealed class TrainingWork : IDisposable
{
    // Smaller ones would hide how finely the clock ticks, larger ones cost nothing but patience.
    private static readonly TimeSpan s_timeToMeasure = TimeSpan.FromSeconds(0.5);

    // So small that repeating one window cannot diverge; an update costs the same at every rate.
    private const double LearningRate = 1e-6;

    private readonly LanguageModelNetwork _network;
    private readonly TokenGrid _grid;
    private readonly TrainingStep _step;
    private readonly RecurrentState[] _states;

    /// <param name="settings">The sizes of the network and of a step.</param>
    /// <param name="words">A text, of which a step reads the beginning.</param>
    /// <param name="vocabulary">V.</param>
    /// <param name="device">Where to train.</param>
    public TrainingWork(Settings settings, int[] words, int vocabulary, Device device)
    {
        ComputeDevice.Seed(1);
        _network = new(settings.Shape(vocabulary), device);
        _grid = new(words, endOfSentence: 0, settings.BatchSize, settings.SequenceLength, device);
        _step = new(_network, settings, Ranks.Alone);
        _states =
        [
            .. Enumerable.Range(0, settings.BatchSize).Chunk(settings.PassBatchSize ?? settings.BatchSize)
                .Select(pass => _network.InitialState(pass.Length)),
        ];
    }

    /// <summary>The time that 1,000 tokens take: the fastest of as many steps as half a second has, after a first one off the clock.</summary>
    public static double Seconds(Settings settings, int[] words, int vocabulary, Device device)
    {
        using var work = new TrainingWork(settings, words, vocabulary, device);
        work.Run();
        TimeSpan fastest = TimeSpan.MaxValue;
        long start = Stopwatch.GetTimestamp();
        do
        {
            long step = Stopwatch.GetTimestamp();
            work.Run();
            TimeSpan time = Stopwatch.GetElapsedTime(step);
            fastest = time < fastest ? time : fastest;
        }
        while (Stopwatch.GetElapsedTime(start) < s_timeToMeasure);
        return fastest.TotalSeconds * 1_000 / (work._grid.Columns * work._grid.Length);
    }

    /// <summary>
    /// The most memory that a network, its gradients, what the optimizer remembers, and two steps take at a time, beyond what the program
    /// takes without them: resident memory, or a GPU's. Meaningful only in a new process.
    /// </summary>
    public static long PeakBytes(Settings settings, int vocabulary, Device device)
    {
        Run(new() { EmbeddingSize = 8, HiddenSize = 8, Experts = 2, BatchSize = 2, SequenceLength = 2 }, vocabulary: 10);
        using (NewDisposeScope())
        {
            Tensor large = ones(2048, 2048, device: device); // for which a BLAS allocates the buffers that it then keeps
            large.matmul(large);
        }

        if (device.type == DeviceType.CPU)
        {
            return PeakMemory.GrowthDuring(() => Run(settings, vocabulary));
        }

        long before = CudaDriver.Instance!.Memory(device.index).Free;
        Run(settings, vocabulary);
        return before - CudaDriver.Instance.Memory(device.index).Free; // libtorch keeps what it takes, so the growth is the peak

        void Run(Settings settings, int vocabulary)
        {
            var random = new Random(1);
            int[] words = [.. Enumerable.Range(0, settings.BatchSize * settings.SequenceLength).Select(_ => random.Next(vocabulary))];
            using var work = new TrainingWork(settings, words, vocabulary, device);
            work.Run();
            work.Run();
        }
    }

    public void Dispose()
    {
        _step.Dispose();
        Array.ForEach(_states, state => state.Dispose());
        _network.Dispose();
    }

    private void Run()
    {
        _step.Run(_grid, 0, _grid.Length, _states, firstColumn: 0, LearningRate, seed: 1);
        if (_network.Device.type == DeviceType.CUDA)
        {
            cuda.synchronize();
        }
    }
}
