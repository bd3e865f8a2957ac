using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// The logits of some words of one partition, for a chunk of rows: computed, read with their bias, and turned into their own gradient in place.
/// </summary>
internal unsafe class LogitTile
{
    private readonly Tensor _memory;
    private readonly Tensor _weight_d_w;
    private readonly LogitRow _row;
    private readonly bool _isRounded;
    private readonly float* _bias;
    private readonly void* _logits;

    /// <param name="partition">The partition of the vocabulary.</param>
    /// <param name="start">The place of the first of the words in the order of partitions.</param>
    /// <param name="weight_w_d">The decoder's rows of the words, as a factor of products.</param>
    /// <param name="bias">The decoder's bias, of all words in the order of partitions.</param>
    /// <param name="memory">Room for the tile's logits in as many rows as there can be.</param>
    /// <param name="row">Passes over a row.</param>
    public LogitTile(int partition, int start, Tensor weight_w_d, float* bias, Tensor memory, LogitRow row)
    {
        (Partition, Start, Words, _memory, _row) = (partition, start, (int)weight_w_d.shape[0], memory, row);
        Weight_w_d = weight_w_d;
        _weight_d_w = Weight_w_d.t();
        _isRounded = memory.dtype == ScalarType.BFloat16;
        _bias = bias + start;
        _logits = memory.Memory();
    }

    public int Partition { get; }

    public int Start { get; }

    public int Words { get; }

    public Tensor Weight_w_d { get; }

    /// <summary>The logits of so many rows.</summary>
    public Tensor Logits(long rows) => _memory.narrow(0, 0, rows * Words).view(rows, Words);

    /// <summary>Computes the logits of a chunk, without the bias.</summary>
    public virtual void Compute(ChunkFactors chunk) => Logits(chunk.Rows).addmm_(chunk.Contexts[Partition], _weight_d_w, beta: 0);

    /// <summary>Whether a word is one of the tile's, and which.</summary>
    public bool Has(long word, out int index)
    {
        index = (int)(word - Start);
        return (uint)index < (uint)Words;
    }

    /// <summary>A row's logits with their bias, in float32: in their place, or in <paramref name="scratch"/> if they are rounded.</summary>
    public float* Read(int r, float* scratch, out float max)
    {
        if (_isRounded)
        {
            max = _row.AddBias(Rounded(r), _bias, scratch, Words);
            return scratch;
        }

        float* row = (float*)_logits + ((long)r * Words);
        max = _row.AddBias(row, _bias, row, Words);
        return row;
    }

    /// <summary>What <see cref="Read"/> gave for the row, again.</summary>
    public float* ReadAgain(int r, float* scratch) => _isRounded ? Read(r, scratch, out _) : (float*)_logits + ((long)r * Words);

    /// <summary>Puts back what was read.</summary>
    public void Write(int r, float* row)
    {
        if (_isRounded)
        {
            _row.Round(row, Rounded(r), Words);
        }
    }

    private ushort* Rounded(int r) => (ushort*)_logits + ((long)r * Words);
}
