using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;

/// <summary>A context and what may follow it, which wait for their scores by the model of the moment: it is read once for all of them.</summary>
internal sealed class ContinuationRequest(string context, IReadOnlyList<string> continuations)
    : BatchRequest<IReadOnlyList<TextScore>>(context.Length + continuations.Sum(text => text.Length), continuations.Count)
{
    public string Context => context;

    public IReadOnlyList<string> Continuations => continuations;

    public override Exception Explain(Exception error) => error switch
    {
        ContinuationException fault => new ArgumentException($"Continuation {fault.Row} cannot be scored: {fault.Fault}", error),
        ArgumentException => new ArgumentException(OptionRange.MessageOf(error), error),
        _ => base.Explain(error),
    };
}
