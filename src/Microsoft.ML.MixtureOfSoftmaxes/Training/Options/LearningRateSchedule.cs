namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How the learning rate goes over a run, beside warm-up and the scale of a window's length.</summary>
public enum LearningRateSchedule
{
    /// <summary>Divided by <c>LearningRateDecay</c> after each epoch whose validation loss was not the best so far.</summary>
    Plateau,

    /// <summary>The same all along, as in the paper, where averaging takes the place of a falling rate.</summary>
    Constant,

    /// <summary>
    /// Half a cosine from the full rate to zero at the run's limit of epochs, tokens or time, whichever is the nearest. With a limit of
    /// time the rates depend on the speed of the machine, so that two runs are no longer alike.
    /// </summary>
    Cosine,
}
