using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Commands;
using Mos.Input;
using Mos.Sweeps;
using Settings = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Options;

/// <summary>What a sweep is made of: the texts, the lists, and the options of 'mos train' that all runs have.</summary>
internal sealed class SweepChoices
{
    private readonly Option<string[]>[] _texts =
    [
        CommonOptions.TextFiles("--train", "The text to train on, files in reading order."),
        Valid(),
        CommonOptions.TextFiles("--test", "The text whose perplexity is shown, which nothing is chosen by."),
    ];

    private readonly Option<string[]> _heads = new("--heads")
    {
        Description = "Heads, as for --head of 'mos train'; in quotation marks, with options of its own behind it, such as " +
            "'mos --latent-rank 40' or 'mos --experts 15', which take the place of the lists and of the options of all runs. " +
            "[default: softmax moc mos]",
        HelpName = "head",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int[]> _experts = ScalarValue.CreateIntegers(
        "--experts", "K of each head that has experts. [default: that of 'mos train']");

    private readonly Option<int[]> _sizes = ScalarValue.CreateIntegers("--embedding-sizes", "d of each head. [default: that of 'mos train']");

    private readonly Option<int[]> _seeds = ScalarValue.CreateIntegers("--seeds", "A run for each. [default: 1 2]");

    private readonly Option<object> _floor = ScalarValue.CreateOption(typeof(double), "--floor");

    private readonly TrainingChoices _training = new(
        nameof(Settings.Head), nameof(Settings.Experts), nameof(Settings.EmbeddingSize), nameof(Settings.CheckpointFolder),
        nameof(Settings.Resume), nameof(Settings.LogFile), nameof(Settings.TensorBoardFolder), nameof(Settings.Distributed),
        nameof(Settings.DistributedTimeout));

    public SweepChoices() =>
        _floor.Description = "The lowest perplexity that is possible, where the language is known; drawn as a line.";

    public IEnumerable<Option> Own => [.. _texts, _heads, _experts, _sizes, _seeds, _floor];

    public IEnumerable<Option> OfTraining => _training.All;

    /// <summary>A new sweep, or an older one with what the command line adds.</summary>
    /// <exception cref="UsageException">An option is missing or wrong, or does not go with the older sweep.</exception>
    public SweepSettings Create(Session session, SweepSettings? older)
    {
        SortedDictionary<string, SweepText> texts = Texts(session, older);
        SortedDictionary<string, string[]> options = new(
            _training.All.Where(session.IsGiven).ToDictionary(option => option.Name, session.Values), StringComparer.Ordinal);
        if (older is not null)
        {
            CheckSame(older, texts, options);
        }

        var given = new SweepSettings
        {
            Texts = texts,
            Options = older?.Options ?? options,
            Heads = [.. List(_heads, older?.Heads, ["softmax", "moc", "mos"]).Select(WithFullNames).Distinct()],
            Experts = List(_experts, older?.Experts, []),
            EmbeddingSizes = List(_sizes, older?.EmbeddingSizes, []),
            Seeds = List(_seeds, older?.Seeds, [1, 2]),
            Floor = session.Get(_floor) as double? ?? older?.Floor,
            Runs = older?.Runs ?? [],
        };
        Option[] lists = [_heads, _experts, _sizes, _seeds];
        SweepRun[] added = older is not null && !lists.Any(session.IsGiven)
            ? []
            : SweepGrid.Expand(given, arguments => Read(given, arguments));

        // What a later command line leaves out is everything that there was before.
        return given with
        {
            Heads = [.. (older?.Heads ?? []).Union(given.Heads)],
            Experts = [.. (older?.Experts ?? []).Union(given.Experts)],
            EmbeddingSizes = [.. (older?.EmbeddingSizes ?? []).Union(given.EmbeddingSizes)],
            Seeds = [.. (older?.Seeds ?? []).Union(given.Seeds)],
            Runs = [.. given.Runs.Concat(added).DistinctBy(run => run.Name)],
        };

        T[] List<T>(Option<T[]> option, T[]? before, T[] otherwise) =>
            session.IsGiven(option) ? [.. session.Get(option).Distinct()] : before ?? otherwise;
    }

    // One name for each option, so that those of all runs can be told from those of a head.
    private string WithFullNames(string head)
    {
        IEnumerable<string> words = head.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word => word.StartsWith("--", StringComparison.Ordinal) ? word.Split('=', 2) : [word]);
        return string.Join(' ', words.Select(word =>
        {
            Option? option = _training.All.FirstOrDefault(one => one.Name == word || one.Aliases.Contains(word));
            return _training.OfText.Contains(option)
                ? throw new UsageException(
                    $"--heads has '{head}', but {word} decides what the tokens are: give it to all runs, outside the quotation marks.")
                : option?.Name ?? word;
        }));
    }

    private static Settings Read(SweepSettings sweep, string[] run)
    {
        try
        {
            return TrainCommand.Read(sweep.TrainingArguments(run, "model.zip")).Settings;
        }
        catch (UsageException e)
        {
            throw new UsageException($"{string.Join(' ', run)}: {e.Message}", e);
        }
    }

    private SortedDictionary<string, SweepText> Texts(Session session, SweepSettings? older)
    {
        var texts = new SortedDictionary<string, SweepText>(StringComparer.Ordinal);
        foreach (Option<string[]> option in _texts)
        {
            string[] files = session.IsGiven(option)
                ? session.Get(option)
                : older?.Texts[option.Name].Files ?? throw new UsageException($"{option.Name} is missing: a new sweep needs its text.");
            if (files.FirstOrDefault(file => file == TextSource.StandardInput || SpecialFile.Is(file)) is string pipe)
            {
                throw new UsageException($"{option.Name} is '{pipe}'; it must be files, which each run reads.");
            }

            TextLines.CheckThere(files);
            texts[option.Name] = new([.. files.Select(Path.GetFullPath)], string.Join(' ', files.Select(TextKey.OfBytes)));
        }

        return texts;
    }

    private static void CheckSame(
        SweepSettings older, SortedDictionary<string, SweepText> texts, SortedDictionary<string, string[]> options)
    {
        string[] different =
        [
            .. texts.Where(text => text.Value.Hash != older.Texts[text.Key].Hash).Select(text => $"the text of {text.Key} is another one"),
            .. options.Where(option => !option.Value.SequenceEqual(older.Options.GetValueOrDefault(option.Key) ?? []))
                .Select(option => $"{option.Key} {Was(option.Key)}, is '{Text(option.Value)}'"),
        ];
        if (different.Length > 0)
        {
            throw new UsageException(
                $"--output holds a sweep whose runs would not compare: {string.Join("; ", different)}. Leave out what it has already, or name " +
                "another folder.");
        }

        string Was(string option) => older.Options.TryGetValue(option, out string[]? values) ? $"was '{Text(values)}'" : "was not given";
        string Text(string[] values) => string.Join(' ', values);
    }

    private static Option<string[]> Valid()
    {
        Option<string[]> valid = CommonOptions.TextFiles(
            "--valid", "Validation text: decides which epoch's weights are kept and when the learning rate falls.");
        valid.Aliases.Add("--validation");
        return valid;
    }
}
