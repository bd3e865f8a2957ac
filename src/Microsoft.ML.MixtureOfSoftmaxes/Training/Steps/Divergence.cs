namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>Training that has run away, as one error wherever it shows.</summary>
internal static class Divergence
{
    /// <param name="sign">What shows it, as in "the validation loss is NaN".</param>
    public static ArithmeticException Error(string sign) =>
        new($"Training has diverged: {sign}. Lower LearningRate or ClipNorm.");
}
