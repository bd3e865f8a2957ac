using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports;

/// <summary>Reads what the trainer wrote: a JSON object a line, those of a resumed run after those of the run it goes on with.</summary>
internal static class RunLog
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerOptions.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The runs by the names of their files; those whose files share a name, by their paths.</summary>
    public static Run[] ReadAll(string[] paths) => [.. paths.Zip(FileNames.Short(paths), Read)];

    private static Run Read(string path, string name)
    {
        List<string> notes = [];
        List<TrainingProgress> lines = NumberEpochsThrough(KeepLatest(Parse(path, notes), notes));
        if (lines.Count == 0)
        {
            throw new InvalidDataException($"'{path}' holds no line of a training log; has the run made its first step?");
        }

        foreach (Quantity quantity in Quantity.Logged)
        {
            int count = lines.Count(line => quantity.Of(line) is not null && !quantity.IsShown(line));
            if (count > 0)
            {
                notes.Add($"{count} × {quantity.Label} left out: not finite, or not positive on a log scale");
            }
        }

        return new(name, lines, notes);
    }

    private static List<TrainingProgress> Parse(string path, List<string> notes)
    {
        List<TrainingProgress> parsed = [];
        string[] lines = ReadText(path).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            int resumed = line.LastIndexOf('{');
            if (line.Length == 0)
            {
                continue;
            }

            if (TryParse(line) is TrainingProgress progress)
            {
                parsed.Add(progress);
            }
            else if (resumed > 0 && TryParse(line[resumed..]) is TrainingProgress next)
            {
                notes.Add($"line {i + 1} begins with the rest of a line that was cut off; it is left out");
                parsed.Add(next);
            }
            else if (i == lines.Length - 1)
            {
                notes.Add($"line {i + 1}, the last, is cut off and left out");
            }
            else
            {
                throw new InvalidDataException(
                    $"'{path}', line {i + 1}: not a JSON object with the fields of a training log, as 'mos train --log-file' writes it.");
            }
        }

        return parsed;
    }

    private static string ReadText(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'; name a log that 'mos train --log-file' wrote.");
        }

        // Shared with a run that is still writing.
        using var reader = new StreamReader(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static TrainingProgress? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingProgress>(line, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A run killed after its last checkpoint does some steps again when resumed: the later lines count.</summary>
    private static List<TrainingProgress> KeepLatest(List<TrainingProgress> lines, List<string> notes)
    {
        List<TrainingProgress> kept = [];
        foreach (TrainingProgress line in lines)
        {
            int superseded = kept.Count - 1 - kept.FindLastIndex(earlier => earlier.Tokens <= line.Tokens);
            if (superseded > 0)
            {
                notes.Add(FormattableString.Invariant(
                    $"{superseded} lines left out where the run went back from {kept[^1].Tokens:N0} to {line.Tokens:N0} tokens: ") +
                    "resumed from a checkpoint, or begun anew");
                kept.RemoveRange(kept.Count - superseded, superseded);
            }

            kept.Add(line);
        }

        return kept;
    }

    /// <summary>Fine-tuning counts its epochs from 1 again.</summary>
    private static List<TrainingProgress> NumberEpochsThrough(List<TrainingProgress> lines)
    {
        int before = 0;
        return [.. lines.Select((line, i) =>
        {
            before += i > 0 && line.Epoch < lines[i - 1].Epoch ? lines[i - 1].Epoch : 0;
            return line with { Epoch = before + line.Epoch };
        })];
    }
}
