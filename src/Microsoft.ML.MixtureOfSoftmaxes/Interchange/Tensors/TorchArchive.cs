using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>
/// What <c>torch.save</c> writes since PyTorch 1.6: a zip archive, not compressed, with a pickle of what was saved (<c>data.pkl</c>) and the
/// values of each storage beside it (<c>data/0</c>…). Several tensors may look at one storage, as the layers of an LSTM do that cuDNN has
/// laid out.
/// </summary>
internal sealed class TorchArchive : IDisposable
{
    private const string Pickle = "/data.pkl";

    // Pickled, the number by which PyTorch knew its older files.
    private static readonly byte[] s_olderFormat = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    private readonly ZipArchive _zip;
    private readonly string _folder;

    private TorchArchive(ZipArchive zip)
    {
        _zip = zip;
        ZipArchiveEntry pickle = zip.Entries.FirstOrDefault(entry => entry.FullName.EndsWith(Pickle, StringComparison.Ordinal))
            ?? throw new InvalidDataException("It is a zip archive without the 'data.pkl' of one that torch.save writes.");
        _folder = pickle.FullName[..^Pickle.Length];
        byte[] bytes = new byte[Stored(pickle.FullName).Length];
        using Stream stream = pickle.Open();
        stream.ReadExactly(bytes);
        Tensors = StateDictPickle.Read(bytes).ToDictionary(
            tensor => tensor.Key,
            tensor => new StoredTensor(tensor.Value.Storage.Type, tensor.Value.Shape, () => Read(tensor.Key, tensor.Value)));
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Whether it is a zip archive; the stream goes back to its start.</summary>
    /// <exception cref="InvalidDataException">It is of the format before.</exception>
    public static bool IsOne(Stream stream)
    {
        byte[] start = new byte[s_olderFormat.Length];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return length == start.Length && start.AsSpan().SequenceEqual(s_olderFormat)
            ? throw new InvalidDataException(
                "It is in the format that torch.save wrote before PyTorch 1.6. Save it again, in Python: " +
                "torch.save(torch.load('old.pt', map_location='cpu'), 'new.pt').")
            : start.AsSpan().StartsWith("PK\u0003\u0004"u8);
    }

    /// <exception cref="InvalidDataException">It is cut short, or holds something else than tensors.</exception>
    public static TorchArchive Open(Stream stream)
    {
        ZipArchive? zip = null;
        try
        {
            zip = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            return new(zip);
        }
        catch (InvalidDataException e) when (zip is null)
        {
            throw new InvalidDataException($"It begins as a zip archive and does not end as one, so it is cut short: {e.Message}", e);
        }
        catch
        {
            zip?.Dispose();
            throw;
        }
    }

    public void Dispose() => _zip.Dispose();

    private Tensor Read(string name, PickledTensor tensor)
    {
        PickledStorage storage = tensor.Storage;
        double last = tensor.Offset + tensor.Shape.Zip(tensor.Strides, (size, stride) => (size - 1.0) * stride).Sum();
        if (tensor.Shape.Length != tensor.Strides.Length || last >= storage.Count)
        {
            throw new InvalidDataException(
                $"Tensor '{name}' of shape {StoredTensor.Show(tensor.Shape)} goes beyond the {storage.Count:N0} values that it is of: the file " +
                "is damaged.");
        }

        ZipArchiveEntry entry = Stored($"{_folder}/data/{storage.Key}");
        if (entry.Length != storage.Count * storage.Size)
        {
            throw new InvalidDataException(
                $"Tensor '{name}' is of {storage.Count * storage.Size:N0} bytes of values, and {entry.Length:N0} are there: the file is damaged.");
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor values = empty(storage.Count, storage.Type);
        using Stream stream = entry.Open();
        stream.ReadExactly(values.bytes);
        return values.as_strided(tensor.Shape, tensor.Strides, tensor.Offset).MoveToOuterDisposeScope();
    }

    // PyTorch compresses nothing; what is compressed could be of any length once it is not.
    private ZipArchiveEntry Stored(string name)
    {
        ZipArchiveEntry entry = _zip.GetEntry(name) ?? throw new InvalidDataException($"Its entry '{name}' is not there.");
        return entry.CompressedLength == entry.Length
            ? entry
            : throw new InvalidDataException($"Its entry '{name}' is compressed, as torch.save does not: take the file as PyTorch wrote it.");
    }
}
