using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Input;

namespace Mos.Reports.Runs;

/// <summary>
/// Reads the logs that the trainer writes: one JSON object per line. A resumed run appends its lines to those of the run that it
/// resumes.
/// </summary>
internal static class RunLog
{
    private static readonly JsonSerializerOptions s_json =
        new(FigureJson.Options) { RespectRequiredConstructorParameters = true };

    // As for texts: a mark at the beginning is left out, and bytes that are not UTF-8 are an error.
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <summary>Reads runs. Each is named after its file, or by its path if several files share a name.</summary>
    public static LoggedRun[] ReadAll(string[] paths) => [.. paths.Zip(FileNames.Short(paths), Read)];

    private static LoggedRun Read(string path, string name)
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
                    $"'{path}', line {i + 1}: not a JSON object with the fields of a training log, as 'mos train --log-file' " +
                    "writes it.");
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

        // A run may still be writing to the file.
        using var reader = new StreamReader(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
            s_utf8,
            detectEncodingFromByteOrderMarks: false);
        try
        {
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"'{path}' is not a training log, which is UTF-8: {e.Message}", e);
        }
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

    /// <summary>Drops lines that a resumed run wrote again: it repeats the steps that were done since its checkpoint.</summary>
    private static List<TrainingProgress> KeepLatest(List<TrainingProgress> lines, List<string> notes)
    {
        List<TrainingProgress> kept = [];
        foreach (TrainingProgress line in lines)
        {
            int superseded = kept.Count - 1 - kept.FindLastIndex(earlier => earlier.Tokens <= line.Tokens);
            if (superseded > 0)
            {
                notes.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{superseded} lines left out where the run went back from {kept[^1].Tokens:N0} to {line.Tokens:N0} " +
                    $"tokens: resumed from a checkpoint, or begun anew"));
                kept.RemoveRange(kept.Count - superseded, superseded);
            }

            kept.Add(line);
        }

        return kept;
    }

    /// <summary>Numbers epochs through the run; fine-tuning counts its own from 1.</summary>
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
