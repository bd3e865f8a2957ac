using System.IO.Compression;

namespace Mos.Tests.Support;

/// <summary>A temporary folder for the files of a test.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mos-tests-").FullName;

    /// <summary>The words of the texts; "unheard" is not among them.</summary>
    public static IReadOnlyList<string> Words { get; } = ["the", "cat", "sat", "on", "a", "mat", "and", "saw", "one", "dog"];

    public string this[string name] => Path.Combine(_folder, name);

    public static string[] Sentences(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => string.Join(' ', random.GetItems(Words.ToArray(), random.Next(1, 9))))];
    }

    public string Write(string name, params string[] lines)
    {
        File.WriteAllLines(this[name], lines);
        return this[name];
    }

    public string Compress(string path)
    {
        using FileStream source = File.OpenRead(path);
        using var target = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest);
        source.CopyTo(target);
        return path + ".gz";
    }

    /// <summary>The given options, and others with which a model trains in a moment.</summary>
    public static string[] Tiny(params string[] given)
    {
        string[][] tiny =
        [
            ["--embedding-size", "8"], ["--hidden-size", "12"], ["--layer-count", "2"], ["--experts", "2"],
            ["--batch-size", "4"], ["--sequence-length", "10"], ["--epochs", "1"],
        ];
        return [.. tiny.Where(option => !given.Contains(option[0])).SelectMany(option => option), .. given];
    }

    /// <summary>Trains a tiny model.</summary>
    public CommandRun Train(string model, params string[] options) => CommandRun.Of(
        [
            "train",
            "--train", Write("train.txt", Sentences(100, seed: 1)),
            "--valid", Write("valid.txt", Sentences(30, seed: 2)),
            "--model", this[model], .. Tiny(options),
        ]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
