using System.Text.RegularExpressions;
using Settings = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Sweeps;

/// <summary>Makes runs of every head with every K, d and seed.</summary>
internal static partial class SweepGrid
{
    private const string ExpertsOption = "--experts", SizeOption = "--embedding-size";

    /// <param name="settings">The lists; its runs are left out of account.</param>
    /// <param name="read">The settings of training with such arguments of a run.</param>
    /// <exception cref="UsageException">Two runs would have one name.</exception>
    public static SweepRun[] Expand(SweepSettings settings, Func<string[], Settings> read)
    {
        SweepRun[] runs =
        [
            .. from seed in settings.Seeds // outermost: when half of the runs are done, each configuration has half of its own
               from head in settings.Heads
               from size in Choices(head, SizeOption, settings.EmbeddingSizes)
               from experts in Choices(head, ExpertsOption, settings.Experts)
               select Create(head, size, experts, seed, read),
        ];

        // A head without experts is the same with every K.
        SweepRun[] distinct = [.. runs.DistinctBy(run => string.Join('\n', run.Arguments))];
        return distinct.GroupBy(run => run.Name).FirstOrDefault(group => group.Count() > 1) is IGrouping<string, SweepRun> twice
            ? throw new UsageException($"--heads names '{twice.First().Head}' twice, or two that differ in nothing but signs.")
            : distinct;
    }

    // Options of a head's own take the place of the list.
    private static IEnumerable<string[]> Choices(string head, string option, int[] values) => Words(head).Contains(option) || values.Length == 0
        ? [[]]
        : values.Select(value => (string[])[option, $"{value}"]);

    private static SweepRun Create(string head, string[] size, string[] experts, int seed, Func<string[], Settings> read)
    {
        string[] words = Words(head);
        Settings settings = read(With(experts));
        bool hasExperts = settings.Shape(vocabularySize: 2).HasExperts;
        string[] own = WithoutSizes(words);
        string name = string.Join('-', own) + (hasExperts ? $"-K{settings.Experts}" : "") + $"-d{settings.EmbeddingSize}";
        return new(
            Sign().Replace(name, "-"), string.Join(' ', own), hasExperts ? settings.Experts : 1, settings.EmbeddingSize, seed,
            With(hasExperts ? experts : []));

        string[] With(string[] chosen) => ["--head", words[0], .. size, .. chosen, .. words[1..], "--seed", $"{seed}"];
    }

    private static string[] Words(string head) => head.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A head and its own options, but for K and d, which stand beside it.</summary>
    private static string[] WithoutSizes(string[] words) =>
        [.. words.Index().Where(at => !IsSize(at.Item) && (at.Index == 0 || !IsSize(words[at.Index - 1]))).Select(at => at.Item)];

    private static bool IsSize(string word) => word is ExpertsOption or SizeOption;

    [GeneratedRegex("[^A-Za-z0-9.]+")]
    private static partial Regex Sign();
}
