namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;

/// <summary>A text that waits for its score by the model of the moment.</summary>
internal sealed class ScoreRequest(string text) : BatchRequest<TextScore>(text.Length)
{
    public string Text => text;
}
