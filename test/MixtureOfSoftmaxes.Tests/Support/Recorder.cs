namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Keeps every progress event, and acts upon it on the training thread.</summary>
internal sealed class Recorder(Action<TrainingProgress>? act = null) : IProgress<TrainingProgress>
{
    public List<TrainingProgress> Events { get; } = [];

    /// <summary>Validation perplexities in epoch order.</summary>
    public double[] Validations => [.. Events.Select(e => e.ValidationPerplexity).OfType<double>()];

    public void Report(TrainingProgress value)
    {
        Events.Add(value);
        act?.Invoke(value);
    }
}
