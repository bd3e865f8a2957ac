using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// The logits of some words that have gates of their own: by two products, that of the experts' contexts with the decoder and that of features
/// with the gates' embeddings, and a pass that mixes.
/// </summary>
internal sealed unsafe class GateTile : LogitTile
{
    private readonly GateTensors _gates;
    private readonly GateRow _row;
    private readonly Tensor _experts, _gateLogits, _work;
    private readonly Tensor _weight_d_w, _embedding_e_w;
    private readonly void* _expertsMemory, _gatesMemory;
    private readonly float* _shared, _bias, _workMemory;
    private readonly long _numberBytes;

    /// <param name="start">The first of the words.</param>
    /// <param name="words">How many words.</param>
    /// <param name="weight_v_d">The decoder, as a factor of products.</param>
    /// <param name="bias">The decoder's bias, of all words.</param>
    /// <param name="row">Passes over a row of logits.</param>
    /// <param name="gates">The gates.</param>
    /// <param name="memory">Memory for a chunk.</param>
    /// <param name="chunkTokens">Tokens of a chunk, at most.</param>
    public GateTile(
        int start, int words, Tensor weight_v_d, float* bias, LogitRow row, GateTensors gates, GateMemory memory, int chunkTokens)
        : base(partition: 0, start, weight_v_d.narrow(0, start, words), bias, Part(memory.Logits, start, words, chunkTokens), row)
    {
        _gates = gates;
        _experts = Part(memory.Experts, start, words, (long)chunkTokens * gates.Experts);
        _gateLogits = Part(memory.Gates, start, words, (long)chunkTokens * gates.Gates);
        _row = GateRow.Create(isRounded: _experts.dtype == ScalarType.BFloat16);
        _weight_d_w = Weight_w_d.t();
        Embedding_w_e = (memory.Embedding ?? gates.Embedding).narrow(0, start, words);
        _embedding_e_w = Embedding_w_e.t();
        _work = empty((long)gates.Experts * GateRows.WorkFloats);
        _expertsMemory = _experts.Memory();
        _gatesMemory = _gateLogits.Memory();
        _workMemory = _work.Floats();
        _shared = gates.Shared.Floats();
        _bias = gates.Bias.Floats() + start;
        _numberBytes = _experts.element_size();
    }

    public Tensor Embedding_w_e { get; }

    /// <summary>The experts' logits of so many tokens; after <see cref="Differentiate"/> the gradient with respect to them.</summary>
    public Tensor Experts(long tokens) => Rows(_experts, tokens * _gates.Experts);

    /// <summary>Gates before the sigmoid, without what is shared and biases; the gradient with respect to them.</summary>
    public Tensor Gates(long tokens) => Rows(_gateLogits, tokens * _gates.Gates);

    public override void Compute(ChunkFactors chunk)
    {
        Experts(chunk.Tokens).addmm_(chunk.GateContexts!, _weight_d_w, beta: 0);
        Gates(chunk.Tokens).addmm_(chunk.GateFeatures!, _embedding_e_w, beta: 0);
        for (int n = 0; n < chunk.Tokens; n++)
        {
            _row.Mix(RowsOf(chunk.First, n), ReadAgain(n, null), Words);
        }
    }

    /// <summary>From the gradient with respect to logits, in their place, on to that with respect to what they were mixed from.</summary>
    /// <param name="first">The chunk's first token.</param>
    /// <param name="tokens">The chunk's tokens.</param>
    /// <param name="gradShared">Added to, [tokens, K - 1].</param>
    /// <param name="gradBias">Added to, [K - 1, S].</param>
    public void Differentiate(int first, int tokens, float* gradShared, float* gradBias)
    {
        for (int n = 0; n < tokens; n++)
        {
            _row.Differentiate(RowsOf(first, n), ReadAgain(n, null), gradShared + (n * _gates.Gates), gradBias + Start, Words);
        }
    }

    private static Tensor Part(Tensor ofChunk, int start, int words, long rows) => ofChunk.narrow(0, start * rows, words * rows);

    private Tensor Rows(Tensor memory, long rows) => memory.narrow(0, 0, rows * Words).view(rows, Words);

    private GateRows RowsOf(int first, int n) => new()
    {
        Experts = _gates.Experts,
        Logits = Row(_expertsMemory, (long)n * _gates.Experts),
        Gates = Row(_gatesMemory, (long)n * _gates.Gates),
        Shared = _shared + ((long)(first + n) * _gates.Gates),
        Bias = _bias,
        BiasStride = _gates.Words,
        Work = _workMemory,
    };

    private void* Row(void* memory, long row) => (byte*)memory + (row * Words * _numberBytes);
}
