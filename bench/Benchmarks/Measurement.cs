using System.Text.Json.Serialization;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Benchmarks;

/// <summary>The time and memory of a run.</summary>
/// <param name="Setting">The name of the sizes.</param>
/// <param name="Part">The part of the work.</param>
/// <param name="Formulation">How the loss is computed.</param>
/// <param name="Precision">The precision of matrix products.</param>
/// <param name="Seconds">The minimum over several runs.</param>
/// <param name="Tokens">The tokens of a run.</param>
/// <param name="ExtraBytes">Peak memory over that before the run, on a GPU that of the GPU; null where it was not measured.</param>
internal sealed record Measurement(
    string Setting, Part Part, Formulation Formulation, Precision Precision, double Seconds, int Tokens, long? ExtraBytes)
{
    [JsonIgnore]
    public Case Case => new(Formulation, Precision);

    public double TokensPerSecond => Tokens / Seconds;

    public double SecondsPerToken => Seconds / Tokens;
}
