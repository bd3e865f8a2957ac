using Microsoft.ML;
using Mos.Input;
using Mos.Input.Tables;
using Mos.Options;

namespace Mos.Sweeps;

/// <summary>What a sweep is made of, kept in its folder so that it can go on.</summary>
internal sealed record SweepSettings
{
    /// <summary>The texts, by the option that names them.</summary>
    public required SortedDictionary<string, SweepText> Texts { get; init; }

    /// <summary>The options of 'mos train' that all runs have, and their values.</summary>
    public required SortedDictionary<string, string[]> Options { get; init; }

    /// <summary>Each a head, perhaps with options of its own behind it.</summary>
    public required string[] Heads { get; init; }

    /// <summary>K of heads that have experts; none for the default of 'mos train'.</summary>
    public required int[] Experts { get; init; }

    /// <summary>d; none for the default of 'mos train'.</summary>
    public required int[] EmbeddingSizes { get; init; }

    public required int[] Seeds { get; init; }

    /// <summary>The lowest perplexity that is possible; null where it is not known.</summary>
    public double? Floor { get; init; }

    /// <summary>All runs so far, in the order in which they are trained.</summary>
    public required SweepRun[] Runs { get; init; }

    /// <summary>All arguments with which 'mos train' trains a run; its own take the place of those of all runs.</summary>
    /// <param name="run">Those of the run alone.</param>
    /// <param name="model">The file of the model.</param>
    public string[] TrainingArguments(string[] run, string model) =>
    [
        "--train", .. Texts["--train"].Files, "--valid", .. Texts["--valid"].Files, "--model", model,
        .. Options.Where(option => !run.Contains(option.Key)).SelectMany(option => (string[])[option.Key, .. option.Value]), .. run,
    ];

    /// <summary>The text whose perplexity is shown, read as its commands read it.</summary>
    public IDataView LoadTest(MLContext ml)
    {
        TableFormat? given = TableChoices.FormatOf(Options.GetValueOrDefault("--input-format")?[0]);
        string column = Options.GetValueOrDefault("--column")?[0] ?? nameof(TextRow.Text);
        return TextFiles.Load(
            ml, [.. Texts["--test"].Files.Select(file => (file, given ?? TableFormats.Of(file) ?? TableFormat.Text))], new(column));
    }
}

/// <summary>A text, and what tells it from another one.</summary>
internal sealed record SweepText(string[] Files, string Hash);

/// <summary>A configuration trained with one seed.</summary>
/// <param name="Configuration">The name of the configuration.</param>
/// <param name="Head">Its head, with the options of its own.</param>
/// <param name="Experts">K; 1 for a head without experts.</param>
/// <param name="EmbeddingSize">d.</param>
/// <param name="Seed">The seed of its random numbers.</param>
/// <param name="Arguments">What only this run gives 'mos train'.</param>
internal sealed record SweepRun(
    string Configuration, string Head, int Experts, int EmbeddingSize, int Seed, string[] Arguments)
{
    public string Name => $"{Configuration}-s{Seed}";
}
