using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Training.Weights;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>Everything a run carries from step to step: its state and its tensors.</summary>
internal sealed class TrainingSession : IDisposable
{
    public TrainingSession(LanguageModelNetwork network, MixtureOfSoftmaxesTrainer.Options options, int columns, TrainingState state)
    {
        Network = network;
        State = state;
        Step = new(network, options);
        Average = state.AveragedSteps is long steps ? new(network, steps) : null;
        int perPass = Math.Min(options.PassBatchSize ?? columns, columns);
        Memory = [.. Enumerable.Range(0, columns).Chunk(perPass).Select(pass => network.InitialState(pass.Length))];
    }

    public LanguageModelNetwork Network { get; }

    public TrainingState State { get; }

    public TrainingStep Step { get; }

    public BestWeights Best { get; } = new();

    /// <summary>The mean of the weights; null before averaging has begun.</summary>
    public WeightAverage? Average { get; private set; }

    /// <summary>What the network remembers, for each pass of a batch.</summary>
    public RecurrentState[] Memory { get; }

    public void StartAveraging()
    {
        Average?.Dispose();
        Average = new(Network);
        State.AveragedSteps = 0;
    }

    /// <summary>Forgets the text read so far, as at the start of an epoch.</summary>
    public void ClearMemory()
    {
        for (int pass = 0; pass < Memory.Length; pass++)
        {
            int columns = Memory[pass].Columns;
            Memory[pass].Dispose();
            Memory[pass] = Network.InitialState(columns);
        }
    }

    public void Dispose()
    {
        Step.Dispose();
        Best.Dispose();
        Average?.Dispose();
        Array.ForEach(Memory, state => state.Dispose());
    }
}
