using Benchmarks.Measuring;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Options;

namespace Benchmarks;

/// <summary>What the head costs as one thing grows and all others stay as they are for Penn Treebank, with 3 columns of 70 tokens.</summary>
internal static class Growth
{
    private const int Columns = 3;
    private const int Vocabulary = 10_000;

    // The plain formulation holds about five tensors of tokens x experts x vocabulary.
    private const double MaxPlainBytes = 6e9;

    private static readonly Case[] s_cases =
    [
        Case.Plain,
        new(Formulation.Fused, Precision.Float32),
        new(Formulation.Fused, Precision.BFloat16),
        new(Formulation.Softmax, Precision.Float32),
        new(Formulation.Products, Precision.Float32),
    ];

    /// <summary>What grows, and the sizes at which it is measured.</summary>
    public static IReadOnlyList<(string What, int[] Values)> Axes { get; } =
    [
        ("words in the vocabulary", [1_000, 3_000, 10_000, 30_000, 100_000, 793_471]),
        ("experts", [1, 2, 4, 8, 15, 30]),
        ("tokens", [70, 210, 420, 840, 1680]),
        ("threads", [.. Enumerable.Range(0, 8).Select(i => 1 << i).TakeWhile(n => n < Environment.ProcessorCount), Environment.ProcessorCount]),
    ];

    /// <summary>All sizes, for processes that measure to find by name.</summary>
    public static IEnumerable<Setting> Settings => Axes.SelectMany(axis => axis.Values.Select(value => SettingOf(axis.What, value)));

    public static IEnumerable<GrowthMeasurement> Measure(string device, int? threads)
    {
        foreach ((string what, int[] values) in device == "cpu" ? Axes : Axes.SkipLast(1))
        {
            foreach (int value in values)
            {
                Console.Error.WriteLine($"benchmarks: the head with {what}: {value}");
                Setting setting = SettingOf(what, value);
                Case[] cases = [.. s_cases.Where(which => which != Case.Plain || PlainBytes(setting) < MaxPlainBytes)];
                var process = new MeasuringProcess(device, what == "threads" ? value : threads);
                foreach ((Case which, Timing timing) in cases.Zip(process.Time(setting, Part.Head, cases)))
                {
                    yield return new(what, value, which.Formulation, which.Precision, timing.Seconds, timing.Tokens);
                }
            }
        }
    }

    private static Setting SettingOf(string what, int value) =>
        new($"{what}: {value}", what == "words in the vocabulary" ? value : Vocabulary, () =>
        {
            MixtureOfSoftmaxesTrainer.Options options = Preset.Find("ptb").Create();
            options.Experts = what == "experts" ? value : options.Experts;
            options.BatchSize = what == "tokens" ? value / options.SequenceLength : Columns;
            return options;
        });

    private static double PlainBytes(Setting setting)
    {
        MixtureOfSoftmaxesTrainer.Options options = setting.Create();
        return 5.0 * sizeof(float) * options.BatchSize * options.SequenceLength * options.Experts * setting.Vocabulary;
    }
}

/// <summary>The time of the head at one size.</summary>
/// <param name="What">What grows.</param>
/// <param name="Value">Its size.</param>
/// <param name="Formulation">How the loss is computed.</param>
/// <param name="Precision">The precision of matrix products.</param>
/// <param name="Seconds">The minimum over several runs, forward and backward.</param>
/// <param name="Tokens">The tokens of a run.</param>
internal sealed record GrowthMeasurement(string What, int Value, Formulation Formulation, Precision Precision, double Seconds, int Tokens)
{
    public double MillisecondsPerToken => 1e3 * Seconds / Tokens;
}
