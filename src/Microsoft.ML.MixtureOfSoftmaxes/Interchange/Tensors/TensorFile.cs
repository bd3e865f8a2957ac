using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>A file of named tensors: safetensors, or a state dict of PyTorch in its zip format. No code in it is run.</summary>
internal sealed class TensorFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly IDisposable? _archive;

    private TensorFile(FileStream stream, IReadOnlyDictionary<string, StoredTensor> tensors, IDisposable? archive = null)
    {
        _stream = stream;
        _archive = archive;
        Tensors = tensors;
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>How many bytes the file has; no more values are in it.</summary>
    public long Length => _stream.Length;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is neither, is cut short, or holds something else than tensors.</exception>
    public static TensorFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        }

        FileStream stream = File.OpenRead(path);
        try
        {
            if (TorchArchive.IsOne(stream))
            {
                var archive = TorchArchive.Open(stream);
                return new(stream, archive.Tensors, archive);
            }

            return new(stream, OfSafetensors(stream));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _archive?.Dispose();
        _stream.Dispose();
    }

    private static Dictionary<string, StoredTensor> OfSafetensors(FileStream stream)
    {
        // Eight bytes with the length of a JSON object, and the object.
        byte[] first = new byte[9];
        if (stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) < first.Length || first[^1] != (byte)'{')
        {
            throw new InvalidDataException("It is neither a safetensors file nor a state dict of PyTorch in the zip format.");
        }

        stream.Position = 0;
        IReadOnlyList<Safetensors.Entry> entries = Safetensors.ReadHeader(stream);
        long start = stream.Position;
        if (entries.FirstOrDefault(entry => entry.Begin < 0 || entry.End > stream.Length - start) is Safetensors.Entry beyond)
        {
            throw new InvalidDataException(
                $"Tensor '{beyond.Name}' ends at byte {start + beyond.End:N0}, and the file at {stream.Length:N0}: it is cut short.");
        }

        return entries.ToDictionary(entry => entry.Name, entry => new StoredTensor(entry.Type, entry.Shape, () =>
        {
            Tensor values = empty(entry.Shape, entry.Type);
            stream.Position = start + entry.Begin;
            stream.ReadExactly(values.bytes);
            return values;
        }));
    }
}
