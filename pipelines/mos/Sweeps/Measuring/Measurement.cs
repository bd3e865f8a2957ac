namespace Mos.Sweeps.Measuring;

/// <summary>What a configuration costs.</summary>
/// <param name="Configuration">Its name.</param>
/// <param name="TrainingSeconds">For 1,000 tokens of training, by round.</param>
/// <param name="ScoringSeconds">For 1,000 tokens of scoring, by round.</param>
/// <param name="TrainingBytes">See <see cref="TrainingWork.PeakBytes"/>; null where it could not be measured.</param>
internal sealed record Measurement(string Configuration, double[] TrainingSeconds, double[] ScoringSeconds, long? TrainingBytes)
{
    /// <summary>The middle one, which a busy moment of the machine does not move.</summary>
    public static double Median(double[] rounds)
    {
        double[] sorted = [.. rounds.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
