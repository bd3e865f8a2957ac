namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>Time steps of one training step, and what its rate is multiplied by.</summary>
internal readonly record struct Window(int Start, int Length, double RateScale)
{
    // The authors' code: one window in twenty is of half the base length, none is shorter than five.
    private const double HalfProbability = 0.05;
    private const int Shortest = 5;

    /// <summary>
    /// The windows of an epoch over a grid of <paramref name="gridLength"/> time steps: all of the base length, or with a deviation
    /// drawn anew each, so that words meet window borders at other places each epoch. The rate scales with the length.
    /// </summary>
    public static Window[] Plan(int gridLength, MixtureOfSoftmaxesTrainer.Options options, Random random)
    {
        var windows = new List<Window>();
        for (int start = 0; start < gridLength;)
        {
            int drawn = options.SequenceLengthDeviation == 0 ? options.SequenceLength : Draw(options, random);
            int length = Math.Min(drawn, gridLength - start);
            double scale = options.SequenceLengthDeviation == 0 ? 1 : (double)length / options.SequenceLength;
            windows.Add(new(start, length, scale));
            start += length;
        }

        return [.. windows];
    }

    private static int Draw(MixtureOfSoftmaxesTrainer.Options options, Random random)
    {
        double mean = random.NextDouble() < HalfProbability ? options.SequenceLength / 2.0 : options.SequenceLength;
        double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        int drawn = (int)(mean + (options.SequenceLengthDeviation * normal));
        return Math.Min(Math.Max(Shortest, drawn), options.SequenceLength + options.SequenceLengthExcess);
    }
}
