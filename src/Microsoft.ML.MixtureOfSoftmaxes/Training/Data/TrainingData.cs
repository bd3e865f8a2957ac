using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>The streams of a run, and how each epoch reads them. At most B - 1 tokens at the end of the stream are left out.</summary>
internal sealed class TrainingData(
    TokenText training, int[]? validation, int endOfSentence, int seed, MixtureOfSoftmaxesTrainer.Options options, Device device)
{
    public int[]? Validation => validation;

    public int EndOfSentence => endOfSentence;

    /// <summary>B, fewer than asked for where the stream is shorter.</summary>
    public int Columns { get; } = (int)Math.Min(options.BatchSize, training.Tokens.Length);

    private int Length => checked((int)(training.Tokens.Length / Columns));

    public TokenGrid Grid(int epoch)
    {
        TokenSequence stream = training.Shards.Length > 1
            ? training.Shuffled(SeededRandom.Create(seed, SeededRandom.Purpose.Shards, epoch))
            : training.Tokens;
        stream = options.PartialShuffle
            ? PartialShuffle.Apply(stream, Columns, SeededRandom.Create(seed, SeededRandom.Purpose.Shuffle, epoch))
            : stream;
        return new(stream, endOfSentence, Columns, Length, device);
    }

    public Window[] Windows(int epoch) =>
        Window.Plan(Length, options, SeededRandom.Create(seed, SeededRandom.Purpose.Windows, epoch));
}
