namespace Mos.Reports;

/// <summary>Where values lie on an axis.</summary>
internal abstract record Scale(double Minimum, double Maximum)
{
    protected const int MostTicks = 6;

    /// <summary>0 at the minimum, 1 at the maximum.</summary>
    public abstract double Share(double value);

    /// <summary>Round values between minimum and maximum.</summary>
    public abstract IReadOnlyList<double> Ticks { get; }
}

internal sealed record LinearScale(double Minimum, double Maximum) : Scale(Minimum, Maximum)
{
    public override IReadOnlyList<double> Ticks => Reports.Ticks.Linear(Minimum, Maximum, MostTicks);

    /// <summary>From 0, or the least value if that is less, to the greatest value.</summary>
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

    public override IReadOnlyList<double> Ticks => Reports.Ticks.Logarithmic(Minimum, Maximum, MostTicks);

    /// <summary>The values, all positive, with a margin of 4 % of the axis, or of the value where there is but one.</summary>
    public static LogarithmicScale Around(IEnumerable<double> values)
    {
        double minimum = values.Min(), maximum = values.Max();
        double factor = maximum > minimum ? Math.Pow(maximum / minimum, Margin) : 1 + Margin;
        return new(minimum / factor, maximum * factor);
    }

    public override double Share(double value) => Math.Log(value / Minimum) / Math.Log(Maximum / Minimum);
}
