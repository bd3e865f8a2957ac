using Microsoft.ML.MixtureOfSoftmaxes;

namespace Benchmarks;

/// <summary>All measurements, and ratios between them.</summary>
internal sealed class Results(IReadOnlyList<Measurement> measurements)
{
    public IReadOnlyList<Measurement> Measurements => measurements;

    /// <summary>The measurement of a case; null if it was not measured.</summary>
    public Measurement? Find(string setting, Part part, Case which) =>
        measurements.SingleOrDefault(m => m.Setting == setting && m.Part == part && m.Case == which);

    /// <summary>The time of the plain formulation in float32, divided by that of the case.</summary>
    public double? Speedup(string setting, Part part, Case which) => Ratio(setting, part, Case.Plain, which);

    /// <summary>The memory of the plain formulation in float32, divided by that of the case.</summary>
    public double? Saving(string setting, Part part, Case which) =>
        (double?)Find(setting, part, Case.Plain)?.ExtraBytes / Find(setting, part, which)?.ExtraBytes;

    /// <summary>The time of the case, divided by that of a softmax at the same precision.</summary>
    public double? OverSoftmax(string setting, Part part, Case which) =>
        Ratio(setting, part, which, which with { Formulation = Formulation.Softmax });

    /// <summary>The share of the limit that is reached: the time of the bare products, divided by that of a case that makes them.</summary>
    public double? OfLimit(string setting, Part part, Case which) => which.Formulation == Formulation.Softmax
        ? null
        : Ratio(setting, part, which with { Formulation = Formulation.Products }, which);

    /// <summary>The main figures, for JSON: ratios of times, and megabytes; null for those not measured.</summary>
    public object Summary(string setting)
    {
        Case single = new(Formulation.Fused, Precision.Float32), half = new(Formulation.Fused, Precision.BFloat16);
        Case plainHalf = new(Formulation.Plain, Precision.BFloat16);
        return new
        {
            head = new
            {
                overProductsFloat32 = 1 / OfLimit(setting, Part.Head, single),
                overProductsBfloat16 = 1 / OfLimit(setting, Part.Head, half),
                extraMegabytes = Find(setting, Part.Head, single)?.ExtraBytes / 1e6,
            },
            step = new
            {
                plainOverFloat32 = Speedup(setting, Part.Step, single),
                plainOverBfloat16 = Speedup(setting, Part.Step, half),
                plainBfloat16OverBfloat16 = Ratio(setting, Part.Step, plainHalf, half),
                overSoftmaxFloat32 = OverSoftmax(setting, Part.Step, single),
                overSoftmaxBfloat16 = OverSoftmax(setting, Part.Step, half),
            },
            scoring = new
            {
                plainOverFloat32 = Speedup(setting, Part.Scoring, single),
                plainOverBfloat16 = Speedup(setting, Part.Scoring, half),
            },
        };
    }

    /// <summary>The time per token of one case, divided by that of another.</summary>
    private double? Ratio(string setting, Part part, Case one, Case other) =>
        Find(setting, part, one)?.SecondsPerToken / Find(setting, part, other)?.SecondsPerToken;
}
