using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Sweeps.Measuring;

namespace Mos.Sweeps;

/// <summary>The files of a sweep.</summary>
internal sealed class SweepFolder(string path)
{
    private static readonly JsonSerializerOptions s_json = new(FigureJson.Options) { WriteIndented = true };

    public string Path => path;

    /// <summary>Null in a new folder.</summary>
    public SweepSettings? Settings => Read<SweepSettings>(File("settings.json"));

    public string Page => File("sweep.html");

    public string Table => File("sweep.tsv");

    public void Save(SweepSettings settings) => Write(File("settings.json"), settings);

    public void SaveSummary(object summary) => Write(File("sweep.json"), summary);

    /// <summary>The result of a run; null while it has none.</summary>
    public RunResult? Result(SweepRun run) => Read<RunResult>(File(run, "result.json"));

    public void Save(SweepRun run, RunResult result) => Write(File(run, "result.json"), result);

    /// <summary>The figures of the last measurement of all configurations; null before the first.</summary>
    public Measurement[]? Measurements => Read<Measurement[]>(File("measurements.json"));

    public void Save(Measurement[] measurements) => Write(File("measurements.json"), measurements);

    /// <summary>A file of a run.</summary>
    public string File(SweepRun run, string name) => System.IO.Path.Combine(path, "runs", run.Name, name);

    /// <summary>Makes the folder where it is missing, and keeps other sweeps from it until disposed.</summary>
    /// <exception cref="IOException">It cannot be written, or another sweep has it.</exception>
    public IDisposable Take()
    {
        WritableFolder.Check(path, 0, "for --output", "Name a folder in another place.");
        return FileLock.TryTake(File("lock"))
            ?? throw new IOException($"Another 'mos sweep' is at work in '{path}'; wait for it, or name another folder by --output.");
    }

    private string File(string name) => System.IO.Path.Combine(path, name);

    private static T? Read<T>(string file)
        where T : class
    {
        if (!System.IO.File.Exists(file))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(System.IO.File.ReadAllText(file), s_json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{file}' is not as 'mos sweep' wrote it: {e.Message}", e);
        }
    }

    private static void Write(string file, object value) =>
        AtomicFile.WriteText(file, writer => writer.WriteLine(JsonSerializer.Serialize(value, s_json)));
}
