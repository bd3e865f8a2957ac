using Microsoft.ML.MixtureOfSoftmaxes;

namespace Benchmarks;

/// <summary>All measurements, and ratios between them.</summary>
internal sealed class Results(IReadOnlyList<Measurement> measurements)
{
    public IReadOnlyList<Measurement> Measurements => measurements;

    /// <summary>The measurement of a case; null if it was not measured.</summary>
    public Measurement? Find(string setting, Part part, Case which) =>
        measurements.SingleOrDefault(m => m.Setting == setting && m.Part == part && m.Case == which);

    /// <summary>The time of the plain formulation, divided by that of the case.</summary>
    public double? Speedup(string setting, Part part, Case which) =>
        Find(setting, part, Case.Plain)?.SecondsPerToken / Find(setting, part, which)?.SecondsPerToken;

    /// <summary>The memory of the plain formulation, divided by that of the case.</summary>
    public double? Saving(string setting, Part part, Case which) =>
        (double?)Find(setting, part, Case.Plain)?.ExtraBytes / Find(setting, part, which)?.ExtraBytes;

    /// <summary>The time of the case, divided by that of a softmax at the same precision.</summary>
    public double? OverSoftmax(string setting, Part part, Case which) =>
        Find(setting, part, which)?.SecondsPerToken
        / Find(setting, part, which with { Formulation = Formulation.Softmax })?.SecondsPerToken;

    /// <summary>The main figures, for JSON; null for those not measured.</summary>
    public object Summary(string setting)
    {
        Case single = new(Formulation.Fused, Precision.Float32), half = single with { Precision = Precision.BFloat16 };
        return new
        {
            head = new
            {
                timeRatio = Speedup(setting, Part.Head, single),
                memoryRatio = Saving(setting, Part.Head, single),
                timeRatioBfloat16 = Speedup(setting, Part.Head, half),
            },
            step = new
            {
                seconds = Find(setting, Part.Step, single)?.Seconds,
                secondsBfloat16 = Find(setting, Part.Step, half)?.Seconds,
                overSoftmax = OverSoftmax(setting, Part.Step, single),
                overSoftmaxBfloat16 = OverSoftmax(setting, Part.Step, half),
            },
            scoring = new
            {
                tokensPerSecond = Find(setting, Part.Scoring, single)?.TokensPerSecond,
                tokensPerSecondBfloat16 = Find(setting, Part.Scoring, half)?.TokensPerSecond,
            },
        };
    }
}
