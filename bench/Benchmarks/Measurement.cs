using System.Text.Json.Serialization;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Benchmarks;

/// <summary>What a run of a case took.</summary>
/// <param name="Setting">The name of the sizes.</param>
/// <param name="Part">What ran.</param>
/// <param name="Formulation">How the loss is computed.</param>
/// <param name="Precision">Of the products.</param>
/// <param name="Seconds">The least of several runs.</param>
/// <param name="Tokens">Those a run goes through.</param>
/// <param name="ExtraBytes">Memory at the peak over that at rest; null on a GPU: the API does not say.</param>
internal sealed record Measurement(
    string Setting, Part Part, Formulation Formulation, Precision Precision, double Seconds, int Tokens, long? ExtraBytes)
{
    [JsonIgnore]
    public Case Case => new(Formulation, Precision);

    public double TokensPerSecond => Tokens / Seconds;

    public double SecondsPerToken => Seconds / Tokens;
}
