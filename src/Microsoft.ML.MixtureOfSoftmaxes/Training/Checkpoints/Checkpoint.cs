using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>The files of one checkpoint. Random states are not among them: all that is random is a function of seed and step.</summary>
internal static class Checkpoint
{
    private const string StateFile = "state.json";
    private const string WeightsFile = "weights.safetensors";
    private const string AverageFile = "average.safetensors";
    private const string BestFile = "best.safetensors";
    private const string MemoryFile = "memory.safetensors";
    private const string OptimizerFile = "optimizer.bin";

    public static void Write(string folder, TrainingSession session, RunFingerprint fingerprint)
    {
        var checksums = new Dictionary<string, string>(StringComparer.Ordinal);
        WriteTensors(WeightsFile, session.Network.state_dict());
        WriteTensors(AverageFile, session.Average?.Weights);
        WriteTensors(BestFile, session.Best.Weights);
        WriteTensors(MemoryFile, Named(session.Memory));
        WriteChecked(OptimizerFile, stream =>
        {
            using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            session.Step.SaveOptimizer(writer);
        });
        var saved = new Saved(session.State, fingerprint.Values, checksums);
        WriteFile(folder, StateFile, stream => JsonSerializer.Serialize(stream, saved, ComponentJson.Options));

        void WriteTensors(string file, IEnumerable<KeyValuePair<string, Tensor>>? tensors)
        {
            if (tensors is not null)
            {
                WriteChecked(file, stream => Safetensors.Write(stream, tensors));
            }
        }

        void WriteChecked(string file, Action<Stream> write) =>
            WriteFile(folder, file, stream => checksums[file] = Sha256.OfWritten(stream, write));
    }

    /// <summary>What the run was, and where it stood.</summary>
    /// <exception cref="FormatException">The file is missing or damaged.</exception>
    public static (TrainingState State, RunFingerprint Fingerprint) ReadState(string folder)
    {
        Saved saved = ReadSaved(folder);
        return (saved.State, new(saved.Fingerprint));
    }

    /// <summary>Fills a session that already has the state of the checkpoint with its tensors.</summary>
    /// <exception cref="FormatException">A file is missing or damaged.</exception>
    public static void ReadTensors(string folder, TrainingSession session)
    {
        IReadOnlyDictionary<string, string> checksums = ReadSaved(folder).Checksums;
        if (session.State.BestLoss is not null)
        {
            ReadInto(BestFile, session.Network.state_dict());
            session.Best.Keep(session.Network);
        }

        ReadInto(WeightsFile, session.Network.state_dict());
        if (session.Average is not null)
        {
            ReadInto(AverageFile, session.Average.Weights);
        }

        ReadInto(MemoryFile, new Dictionary<string, Tensor>(Named(session.Memory)));
        ReadChecked(OptimizerFile, stream =>
        {
            using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            session.Step.LoadOptimizer(reader);
        });

        void ReadInto(string file, IReadOnlyDictionary<string, Tensor> targets) =>
            ReadChecked(file, stream => Safetensors.ReadInto(stream, targets));

        void ReadChecked(string file, Action<Stream> read) => Read(folder, file, stream =>
        {
            Sha256.Check(stream, checksums.GetValueOrDefault(file) ?? throw new InvalidDataException($"Its SHA-256 is not in '{StateFile}'."));
            stream.Position = 0;
            read(stream);
            return true;
        });
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(RecurrentState[] memory) =>
        memory.SelectMany((state, pass) => state.Named.Select(t => KeyValuePair.Create($"pass{pass}.{t.Key}", t.Value)));

    private static void WriteFile(string folder, string file, Action<Stream> write)
    {
        using FileStream stream = File.Create(Path.Combine(folder, file));
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    private static Saved ReadSaved(string folder) => Read(folder, StateFile, stream =>
        JsonSerializer.Deserialize<Saved>(stream, ComponentJson.Options)
            ?? throw new InvalidDataException("The run's state is not in it."));

    private static T Read<T>(string folder, string file, Func<Stream, T> read)
    {
        string path = Path.Combine(folder, file);
        try
        {
            using FileStream stream = File.OpenRead(path);
            return read(stream);
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException or EndOfStreamException or JsonException
            or FormatException or ArgumentException)
        {
            throw new FormatException(
                $"The checkpoint file '{path}' is missing or damaged: {e.Message} Resume from a copy of a checkpoint, or start anew, without " +
                "Resume and in another CheckpointFolder.",
                e);
        }
    }

    private sealed record Saved(
        TrainingState State, IReadOnlyDictionary<string, string> Fingerprint, IReadOnlyDictionary<string, string> Checksums);
}
