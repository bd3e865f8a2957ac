using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Options;

namespace Mos.Reports.Tables;

/// <summary>The figures of compared models: a row for each model.</summary>
internal static class ComparisonTable
{
    private const double Mebibyte = 1 << 20;

    /// <summary>How well the models predict.</summary>
    public static IReadOnlyList<(string Header, Func<ComparedModel, string> Cell)> Quality { get; } =
    [
        ("head", model => Names.Short($"{model.Head}")),
        ("d", model => Numbers.Text(model.EmbeddingSize, "N0")),
        ("K", model => Numbers.Text(model.Experts, "N0")),
        ("perplexity", model => Numbers.Text(model.Metrics.Perplexity, "F2")),
        ("interval", model => Interval(model.PerplexityInterval, "F2")),
        ("ratio", model => Numbers.Text(model.Ratio, "F4")),
        ("its interval", model => Interval(model.RatioInterval, "F4")),
    ];

    /// <summary>What the models cost, and how much their distributions vary.</summary>
    public static IReadOnlyList<(string Header, Func<ComparedModel, string> Cell)> Cost { get; } =
    [
        ("parameters", model => Numbers.Text(model.ParameterCount, "N0")),
        ("µs/token", model => Numbers.Text(model.SecondsPerToken * 1e6, "N0")),
        ("peak MiB", model => Numbers.Text(model.PeakMemoryBytes / Mebibyte, "N0")),
        ("pairwise KL", model => Numbers.Text(model.PairwiseDivergence, "F3")),
        ("rank", model => model.Rank is null ? FigureTable.None : Numbers.Text(model.Rank.Rank, "N0")),
    ];

    public static XElement Create(
        IReadOnlyList<(string Header, Func<ComparedModel, string> Cell)> columns, IReadOnlyList<ComparedModel> models) =>
        FigureTable.Create("model", columns, models, (model, i) => FigureTable.Named(model.Name, i));

    private static string Interval(ConfidenceInterval interval, string format) =>
        $"{Numbers.Text(interval.Low, format)} to {Numbers.Text(interval.High, format)}";
}
