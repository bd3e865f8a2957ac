using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// Everything a run carries from step to step, its state and its tensors. Whatever changes them is a method here, so that the two go
/// together; a checkpoint holds both.
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TimeSpan _before;
    private readonly int _seed;
    private readonly Ranks _ranks;

    /// <param name="network">Trained in place; the caller's.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="columns">B.</param>
    /// <param name="seed">The seed of the run's random numbers.</param>
    /// <param name="state">Where the run stands.</param>
    /// <param name="ranks">The processes that train together; each has a session with the same weights, and columns of its own.</param>
    public TrainingSession(
        LanguageModelNetwork network, MixtureOfSoftmaxesTrainer.Options options, int columns, int seed, TrainingState state, Ranks ranks)
    {
        if (columns < ranks.Count)
        {
            throw new InvalidOperationException(
                $"There are {ranks.Count} ranks for {columns} columns of text: start fewer, or raise BatchSize or give more data.");
        }

        Network = network;
        State = state;
        Step = new(network, options, ranks, state.Steps);
        _ranks = ranks;
        Average = state.AveragedSteps is null ? null : new(network);
        Memory = new(network, columns, Math.Min(options.PassBatchSize ?? columns, columns), ranks);
        _seed = seed;
        _before = state.Elapsed;
    }

    public LanguageModelNetwork Network { get; }

    public TrainingState State { get; }

    public TrainingStep Step { get; }

    public BestWeights Best { get; } = new();

    /// <summary>The mean of the weights; null before averaging has begun.</summary>
    public WeightAverage? Average { get; private set; }

    /// <summary>What the network remembers of this rank's columns.</summary>
    public BatchMemory Memory { get; }

    /// <summary>One step of the epoch in work.</summary>
    /// <exception cref="ArithmeticException">Training has diverged.</exception>
    public void Learn(TokenGrid grid, Window window, double learningRate)
    {
        long seed = SeededRandom.Seed(_seed, SeededRandom.Purpose.Dropout, State.Steps);
        Step.Run(grid, window.Start, window.Length, Memory.Passes, Memory.FirstColumn, learningRate, seed);

        // Limits of time and rates that go by it are to be the same on all ranks.
        TimeSpan elapsed = TimeSpan.FromTicks((long)_ranks.First((_before + _clock.Elapsed).Ticks));
        State.AddStep((long)window.Length * grid.Columns, elapsed);
        Average?.Add(Network, State.AveragedSteps!.Value);
        if (Step.IsSettled)
        {
            Settle();
        }
    }

    /// <summary>
    /// Takes account of every step so far, also of those whose figures are on the device yet. Nothing that outlives the run, a checkpoint or
    /// the best weights, is made of steps that have not been.
    /// </summary>
    /// <exception cref="ArithmeticException">Training has diverged.</exception>
    public void Settle() => State.AddLoss(Step.Settle());

    /// <summary>The weights that are validated and kept are in the network until disposed: the mean where there is one.</summary>
    public IDisposable? UseAverage() => Average?.Use(Network);

    /// <summary>Keeps the weights in the network if their loss is the lowest of the run. Returns whether it is.</summary>
    public bool KeepIfBest(double validationLoss)
    {
        bool isBest = State.AddValidation(validationLoss);
        if (isBest)
        {
            Best.Keep(Network);
        }

        return isBest;
    }

    public void StartAveraging()
    {
        Average?.Dispose();
        Average = new(Network);
        State.AveragedSteps = 0;
    }

    /// <summary>From the best weights on, averaged from the start, at a rate of its own.</summary>
    public void StartFinetuning(double learningRate)
    {
        Best.Restore(Network);
        State.StartFinetuning(learningRate);
        StartAveraging();
    }

    public void Dispose()
    {
        Step.Dispose();
        Best.Dispose();
        Average?.Dispose();
        Memory.Dispose();
    }
}
