using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Training.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training.Checkpoints;

/// <summary>The files of one checkpoint. Random states are not among them: all that is random is a function of seed and step.</summary>
internal static class Checkpoint
{
    private const string StateFile = "state.json";
    private const string WeightsFile = "weights.safetensors";
    private const string AverageFile = "average.safetensors";
    private const string BestFile = "best.safetensors";
    private const string MemoryFile = "memory.safetensors";
    private const string OptimizerFile = "optimizer.bin";

    public static void Write(string folder, TrainingSession session, IReadOnlyDictionary<string, string> fingerprint)
    {
        WriteTensors(folder, WeightsFile, session.Network.state_dict());
        WriteTensors(folder, AverageFile, session.Average?.Weights);
        WriteTensors(folder, BestFile, session.Best.Weights);
        WriteTensors(folder, MemoryFile, Named(session.Memory));
        WriteFile(folder, OptimizerFile, stream =>
        {
            using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            session.Step.SaveOptimizer(writer);
        });
        WriteFile(folder, StateFile, stream => JsonSerializer.Serialize(stream, new Saved(session.State, fingerprint), ComponentJson.Options));
    }

    /// <summary>What the run was, and where it stood.</summary>
    /// <exception cref="FormatException">The file is missing or damaged.</exception>
    public static (TrainingState State, IReadOnlyDictionary<string, string> Fingerprint) ReadState(string folder)
    {
        Saved saved = Read(folder, StateFile, stream =>
            JsonSerializer.Deserialize<Saved>(stream, ComponentJson.Options) is { State: not null, Fingerprint: not null } whole
                ? whole
                : throw new InvalidDataException("The run's state or what it was made of is not in it."));
        return (saved.State, saved.Fingerprint);
    }

    /// <summary>Fills a session that already has the state of the checkpoint with its tensors.</summary>
    /// <exception cref="FormatException">A file is missing or damaged.</exception>
    public static void ReadTensors(string folder, TrainingSession session)
    {
        if (session.State.BestLoss is not null)
        {
            ReadInto(folder, BestFile, session.Network.state_dict());
            session.Best.Keep(session.Network);
        }

        ReadInto(folder, WeightsFile, session.Network.state_dict());
        if (session.Average is not null)
        {
            ReadInto(folder, AverageFile, session.Average.Weights);
        }

        ReadInto(folder, MemoryFile, new Dictionary<string, Tensor>(Named(session.Memory)));
        Read(folder, OptimizerFile, stream =>
        {
            using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            session.Step.LoadOptimizer(reader);
            return true;
        });
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(RecurrentState[] memory) =>
        memory.SelectMany((state, pass) => state.Named.Select(t => KeyValuePair.Create($"pass{pass}.{t.Key}", t.Value)));

    private static void WriteTensors(string folder, string file, IEnumerable<KeyValuePair<string, Tensor>>? tensors)
    {
        if (tensors is not null)
        {
            WriteFile(folder, file, stream => Safetensors.Write(stream, tensors));
        }
    }

    private static void WriteFile(string folder, string file, Action<Stream> write)
    {
        using FileStream stream = File.Create(Path.Combine(folder, file));
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    private static void ReadInto(string folder, string file, IReadOnlyDictionary<string, Tensor> targets) => Read(folder, file, stream =>
    {
        Safetensors.ReadInto(stream, targets);
        return true;
    });

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
            throw new FormatException($"The checkpoint file '{path}' is missing or damaged: {e.Message} Resume from a copy, or start anew without Resume.", e);
        }
    }

    private sealed record Saved(TrainingState State, IReadOnlyDictionary<string, string> Fingerprint);
}
