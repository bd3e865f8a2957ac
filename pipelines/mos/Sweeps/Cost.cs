namespace Mos.Sweeps;

/// <summary>What perplexity is bought with.</summary>
/// <param name="Name">A word for it.</param>
/// <param name="Title">What the chart shows beside perplexity.</param>
/// <param name="Label">The quantity and its unit.</param>
/// <param name="Remark">How it was obtained.</param>
/// <param name="Of">Takes it from a configuration; null where it is not known.</param>
internal sealed record Cost(string Name, string Title, string Label, string Remark, Func<SweptConfiguration, double?> Of)
{
    public const double Mebibyte = 1 << 20;

    public static IReadOnlyList<Cost> All { get; } =
    [
        new(
            "training", "time of training", "seconds per 1,000 tokens of training",
            "Steps of the size used in training, apart from it; the median of rounds in which all took turns.",
            configuration => configuration.TrainingSeconds),
        new(
            "scoring", "time of scoring", "seconds per 1,000 tokens of scoring",
            "Rows of the test text, each by itself; the median of rounds in which all took turns.",
            configuration => configuration.ScoringSeconds),
        new(
            "parameters", "parameters", "parameters",
            "Trainable numbers, the tied embedding counted once.",
            configuration => configuration.Parameters),
        new(
            "memory", "memory of training", "MiB while training",
            "The most that network, gradients, optimizer and two steps take at a time, beyond the program itself, in a process of its own.",
            configuration => configuration.TrainingBytes / Mebibyte),
    ];
}
