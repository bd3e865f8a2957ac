namespace Mos.Reports.Drawing;

/// <summary>An axis of a chart.</summary>
/// <param name="Label">The quantity and its unit.</param>
/// <param name="IsLogarithmic">Whether equal lengths are equal factors; all values must be positive then.</param>
internal record Axis(string Label, bool IsLogarithmic = false)
{
    /// <summary>A scale on which all these values lie.</summary>
    public Scale ScaleFor(IEnumerable<double> values) =>
        IsLogarithmic ? LogarithmicScale.Around(values) : LinearScale.FromZero(values);
}

/// <summary>Maps values to positions on an axis.</summary>
internal abstract record Scale(double Minimum, double Maximum)
{
    protected const int MaxTicks = 6;

    /// <summary>The position of a value: 0 at the minimum, 1 at the maximum.</summary>
    public abstract double Share(double value);

    /// <summary>Round values between minimum and maximum.</summary>
    public abstract IReadOnlyList<double> Ticks { get; }
}

internal sealed record LinearScale(double Minimum, double Maximum) : Scale(Minimum, Maximum)
{
    public override IReadOnlyList<double> Ticks => Drawing.Ticks.Linear(Minimum, Maximum, MaxTicks);

    /// <summary>A scale that contains 0 and all values.</summary>
    public static LinearScale FromZero(IEnumerable<double> values)
    {
        double minimum = Math.Min(0, values.Min()), maximum = Math.Max(0, values.Max());
        return new(minimum, maximum > minimum ? maximum : minimum + 1);
    }

    public override double Share(double value) => (value - Minimum) / (Maximum - Minimum);
}

internal sealed record LogarithmicScale(double Minimum, double Maximum) : Scale(Minimum, Maximum)
{
    private const double Margin = 0.04;

    public override IReadOnlyList<double> Ticks => Drawing.Ticks.Logarithmic(Minimum, Maximum, MaxTicks);

    /// <summary>A scale that contains all values, which are positive, with a margin of 4 % at both ends.</summary>
    public static LogarithmicScale Around(IEnumerable<double> values)
    {
        double minimum = values.Min(), maximum = values.Max();
        double factor = maximum > minimum ? Math.Pow(maximum / minimum, Margin) : 1 + Margin;
        return new(minimum / factor, maximum * factor);
    }

    public override double Share(double value) => Math.Log(value / Minimum) / Math.Log(Maximum / Minimum);
}
