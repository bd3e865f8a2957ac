using Microsoft.ML.MixtureOfSoftmaxes;

namespace Benchmarks;

/// <summary>Every measurement, and what follows from them.</summary>
internal sealed class Results(IReadOnlyList<Measurement> measurements)
{
    public IReadOnlyList<Measurement> Measurements => measurements;

    /// <summary>Null if it was not measured, or could not be.</summary>
    public Measurement? Find(string setting, Part part, Case which) =>
        measurements.SingleOrDefault(m => m.Setting == setting && m.Part == part && m.Case == which);

    /// <summary>How many times longer the plain formulation takes.</summary>
    public double? Speedup(string setting, Part part, Case which) =>
        Find(setting, part, Case.Plain)?.SecondsPerToken / Find(setting, part, which)?.SecondsPerToken;

    /// <summary>How many times more memory the plain formulation takes.</summary>
    public double? Saving(string setting, Part part, Case which) =>
        (double?)Find(setting, part, Case.Plain)?.ExtraBytes / Find(setting, part, which)?.ExtraBytes;

    /// <summary>How many times longer than a softmax of the same precision it takes.</summary>
    public double? OverSoftmax(string setting, Part part, Case which) =>
        Find(setting, part, which)?.SecondsPerToken
        / Find(setting, part, which with { Formulation = Formulation.Softmax })?.SecondsPerToken;

    /// <summary>The figures in short, property names as written; null for what was not measured.</summary>
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
