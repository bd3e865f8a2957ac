namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// What ended a training run. From a checkpoint a run goes on after any of them: with a higher limit, or after a cancellation as it was.
/// </summary>
public enum TrainingEnd
{
    /// <summary>The limit of epochs, with all of fine-tuning where that was asked for.</summary>
    Epochs,

    /// <summary>The limit of tokens.</summary>
    Tokens,

    /// <summary>The limit of time.</summary>
    Time,

    /// <summary>The validation loss: it did not fall for so many epochs, or it ended fine-tuning by its own test.</summary>
    EarlyStopping,

    /// <summary>Cancellation.</summary>
    Cancellation,
}
