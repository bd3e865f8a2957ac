namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>The learning rate of a step, before the scale of its window's length.</summary>
internal sealed class LearningRates(MixtureOfSoftmaxesTrainer.Options options)
{
    /// <param name="state">Where the run stands; its rate is the one that plateaus lower.</param>
    /// <param name="epochShare">How much of the epoch in work is done, 0 to 1.</param>
    public double At(TrainingState state, double epochShare)
    {
        double rate = state.LearningRate;
        if (state.Steps < options.WarmupSteps)
        {
            rate *= (state.Steps + 1.0) / options.WarmupSteps;
        }

        return options.LearningRateSchedule == LearningRateSchedule.Cosine
            ? rate * (1 + Math.Cos(Math.PI * Math.Min(1, Share(state, epochShare)))) / 2
            : rate;
    }

    /// <summary>
    /// How much of the run is done if it goes to its limit of epochs, tokens or time: by whichever is the nearest. 1 is all of it; the
    /// last step may go beyond.
    /// </summary>
    public double Share(TrainingState state, double epochShare)
    {
        double epochs = (state.IsFinetuning ? options.MaximumEpochs : 0) + state.Epoch - 1 + epochShare;
        double byEpochs = epochs / (options.MaximumEpochs + (double)options.FinetuneEpochs);
        double byTokens = options.MaximumTokens is long tokens ? state.Tokens / (double)tokens : 0;
        double byTime = options.MaximumTime is TimeSpan time ? state.Elapsed / time : 0;
        return Math.Max(byEpochs, Math.Max(byTokens, byTime));
    }
}
