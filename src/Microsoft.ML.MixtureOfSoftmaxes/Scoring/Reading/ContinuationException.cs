namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A text that cannot be scored as the continuation of its context: the fault of who gave the two.</summary>
/// <param name="row">The position of its row.</param>
/// <param name="fault">What is wrong, and what helps.</param>
internal sealed class ContinuationException(long row, string fault)
    : InvalidOperationException($"Row {row} cannot be scored as the continuation of its context: {fault}")
{
    public long Row => row;

    public string Fault => fault;
}
