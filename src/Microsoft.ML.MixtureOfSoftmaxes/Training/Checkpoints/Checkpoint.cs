using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>The files of one checkpoint. Random states are not among them: all that is random is a function of seed and step.</summary>
internal static class Checkpoint
{
    private const string ChecksumsFile = "checksums.json";
    private const string StateFile = "state.json";
    private const string WeightsFile = "weights.safetensors";
    private const string AverageFile = "average.safetensors";
    private const string BestFile = "best.safetensors";
    private const string MemoryFile = "memory.safetensors";
    private const string OptimizerFile = "optimizer.bin";

    public static void Write(
        string folder, TrainingSession session, IReadOnlyDictionary<string, Tensor> memory, RunFingerprint fingerprint)
    {
        var checksums = new Checksums();
        WriteTensors(WeightsFile, session.Network.state_dict());
        WriteTensors(AverageFile, session.Average?.Weights);
        WriteTensors(BestFile, session.Best.Weights);
        WriteTensors(MemoryFile, memory);
        WriteChecked(OptimizerFile, stream =>
        {
            using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            session.Step.SaveOptimizer(writer);
        });
        var saved = new Saved(session.State, fingerprint.Values);
        WriteChecked(StateFile, stream => JsonSerializer.Serialize(stream, saved, ComponentJson.Options));
        WriteFile(folder, ChecksumsFile, checksums.Write);

        void WriteTensors(string file, IEnumerable<KeyValuePair<string, Tensor>>? tensors)
        {
            if (tensors is not null)
            {
                WriteChecked(file, stream => Safetensors.Write(stream, tensors));
            }
        }

        void WriteChecked(string file, Action<Stream> write) =>
            WriteFile(folder, file, stream => checksums.WritePart(file, stream, write));
    }

    /// <summary>What the run was, where it stood, and whether there is a checksum to hold both to, as earlier versions had none.</summary>
    /// <exception cref="FormatException">The file is missing or damaged.</exception>
    public static (TrainingState State, RunFingerprint Fingerprint, bool HasChecksum) ReadState(string folder)
    {
        (Saved saved, _) = ReadSaved(folder);
        return (saved.State, new(saved.Fingerprint), saved.Checksums is null);
    }

    /// <summary>Fills a session that already has the state of the checkpoint with its tensors.</summary>
    /// <exception cref="FormatException">A file is missing or damaged.</exception>
    public static void ReadTensors(string folder, TrainingSession session)
    {
        (_, Checksums checksums) = ReadSaved(folder);
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

        session.Memory.Load(targets => ReadInto(MemoryFile, targets));
        ReadChecked(OptimizerFile, stream =>
        {
            using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            session.Step.LoadOptimizer(reader);
        });

        void ReadInto(string file, IReadOnlyDictionary<string, Tensor> targets) =>
            ReadChecked(file, stream => Safetensors.ReadInto(stream, targets));

        void ReadChecked(string file, Action<Stream> read) => Read(folder, file, stream =>
        {
            checksums.Check(file, stream);
            read(stream);
            return true;
        });
    }

    private static void WriteFile(string folder, string file, Action<Stream> write)
    {
        using FileStream stream = File.Create(Path.Combine(folder, file));
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    private static (Saved Saved, Checksums Checksums) ReadSaved(string folder)
    {
        Checksums? checksums = File.Exists(Path.Combine(folder, ChecksumsFile)) ? ReadChecksums() : null;
        Saved saved = Read(folder, StateFile, stream =>
        {
            checksums?.Check(StateFile, stream);
            Saved read = JsonSerializer.Deserialize<Saved>(stream, ComponentJson.Options)
                ?? throw new InvalidDataException("The run's state is not in it.");
            read.State.Validate();
            _ = new RunFingerprint(read.Fingerprint).Seed; // Throws where there is none.
            return read;
        });
        return (saved, checksums ?? (saved.Checksums is null ? ReadChecksums() : new(saved.Checksums)));

        Checksums ReadChecksums() => Read(folder, ChecksumsFile, Checksums.Read);
    }

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
                $"The checkpoint file '{path}' is missing or damaged: {OptionRange.MessageOf(e)} Resume from a copy of a checkpoint, or start " +
                "anew, without Resume and in another CheckpointFolder.",
                e);
        }
    }

    /// <param name="State">Where the run stands.</param>
    /// <param name="Fingerprint">What the run is made of.</param>
    /// <param name="Checksums">Those of the other files, where earlier versions had them.</param>
    private sealed record Saved(
        TrainingState State, IReadOnlyDictionary<string, string> Fingerprint,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Dictionary<string, string>? Checksums = null);
}
