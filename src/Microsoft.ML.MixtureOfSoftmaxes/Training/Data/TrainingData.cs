using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>The streams of a run, and how each epoch reads them. At most B - 1 tokens at the end of the stream are left out.</summary>
internal sealed class TrainingData(
    int[] training, int[]? validation, int endOfSentence, int seed, MixtureOfSoftmaxesTrainer.Options options, Device device)
{
    private readonly int _length = training.Length / Math.Min(options.BatchSize, training.Length);

    public int[]? Validation => validation;

    public int EndOfSentence => endOfSentence;

    /// <summary>B, fewer than asked for where the stream is shorter.</summary>
    public int Columns { get; } = Math.Min(options.BatchSize, training.Length);

    public TokenGrid Grid(int epoch)
    {
        int[] stream = options.PartialShuffle
            ? PartialShuffle.Apply(training, Columns, SeededRandom.Create(seed, SeededRandom.Purpose.Shuffle, epoch))
            : training;
        return new(stream, endOfSentence, Columns, _length, device);
    }

    public Window[] Windows(int epoch) =>
        Window.Plan(_length, options, SeededRandom.Create(seed, SeededRandom.Purpose.Windows, epoch));
}
