namespace Mos.Reports;

/// <summary>An axis of a chart.</summary>
/// <param name="Label">With its unit.</param>
internal record Axis(string Label, bool IsLogarithmic = false)
{
    public Scale ScaleFor(IEnumerable<double> values) =>
        IsLogarithmic ? LogarithmicScale.Around(values) : LinearScale.FromZero(values);
}
