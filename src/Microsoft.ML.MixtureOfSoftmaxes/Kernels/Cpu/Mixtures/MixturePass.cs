using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>One pass of the <see cref="MixtureKernel"/>: what each worker does, chunk by chunk.</summary>
internal sealed unsafe partial class MixturePass
{
    private readonly MixtureInputs _inputs;
    private readonly float _scale;
    private readonly MixtureGradients? _gradients;
    private readonly TileLayout _layout;
    private readonly MixtureMemory _memory;
    private readonly LogitRow _row;
    private readonly long* _targets;
    private readonly float* _bias, _logPriors, _logLikelihood, _gradLogPriors, _gradBias;

    // Of each worker's words, by rows of the chunk.
    private readonly ExpSum[] _sums;

    // By rows of the chunk: f of the target's logit; then, of the whole vocabulary, what exponentials are relative to, and what to multiply them with
    // for the gradient; scale times the responsibility.
    private readonly float[] _targetLogits, _offsets, _factors, _shares;

    public MixturePass(
        MixtureInputs inputs, Tensor targets_n, Tensor logLikelihood_n, double scale, MixtureGradients? gradients, TileLayout layout,
        MixtureMemory memory)
    {
        (_inputs, _scale, _gradients, _layout, _memory) = (inputs, (float)scale, gradients, layout, memory);
        _row = LogitRow.Create(inputs.IsSigSoftmax);
        _targets = (long*)targets_n.Memory();
        _bias = inputs.Bias.Floats();
        _logPriors = inputs.LogPriors.Floats();
        _logLikelihood = logLikelihood_n.Floats();
        _gradLogPriors = (gradients?.LogPriors).Floats();
        _gradBias = (gradients?.Bias).Floats();
        _sums = new ExpSum[layout.Workers * layout.ChunkRows];
        (_targetLogits, _offsets) = (new float[layout.ChunkRows], new float[layout.ChunkRows]);
        (_factors, _shares) = (new float[layout.ChunkRows], new float[layout.ChunkRows]);
    }

    public void Work(Worker worker)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        LogitTile[] tiles =
        [
            .. _layout.Gated.Tiles(worker.Index).Select(tile => GatedTile(tile.Start, tile.Words)),
            .. _layout.OtherTiles(worker.Index).Select(tile => Tile(tile.Partition, tile.Start, tile.Words)),
        ];
        float* scratch = (float*)NativeMemory.AlignedAlloc((nuint)_layout.TileWords * sizeof(float), 64);
        try
        {
            for (int first = 0; first < _inputs.Tokens; first += _layout.ChunkTokens)
            {
                using DisposeScope chunk = NewDisposeScope();
                Run(worker, tiles, first, Math.Min(_layout.ChunkTokens, _inputs.Tokens - first), scratch);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(scratch);
        }
    }

    private LogitTile Tile(int partition, int start, int words)
    {
        Tensor weight_w_d = _inputs.Partitions.Of(_inputs.Weight, partition, start, words);
        Tensor? rounded_w_d = _memory.Weight?.narrow(0, start, words).copy_(weight_w_d);
        return new(partition, start, rounded_w_d ?? weight_w_d, _bias, _layout.LogitsOf(start, words, _memory.Logits), _row);
    }

    private GateTile GatedTile(int start, int words)
    {
        _memory.Weight?.narrow(0, start, words).copy_(_inputs.Weight.narrow(0, start, words));
        _memory.Gates!.Embedding?.narrow(0, start, words).copy_(_inputs.Gates!.Embedding.narrow(0, start, words));
        return new(start, words, _memory.Weight ?? _inputs.Weight, _bias, _row, _inputs.Gates!, _memory.Gates, _layout.ChunkTokens);
    }

    /// <summary>The chunk of so many tokens from the first on.</summary>
    private void Run(Worker worker, LogitTile[] tiles, int first, int tokens, float* scratch)
    {
        ChunkFactors chunk = Factors(worker, first, tokens);
        Span<ExpSum> sums = _sums.AsSpan(worker.Index * _layout.ChunkRows, chunk.Rows);
        sums.Fill(ExpSum.Zero);
        foreach (LogitTile tile in tiles)
        {
            tile.Compute(chunk);
            Sum(tile, first, sums, scratch);
        }

        worker.Meet();
        (int start, int end) = worker.Share(tokens);
        for (int n = start; n < end; n++)
        {
            Combine(first, n);
        }

        worker.Meet();
        if (_gradients is not null)
        {
            Backward(worker, tiles, chunk, _gradients, scratch);
        }
    }

    private ChunkFactors Factors(Worker worker, int first, int tokens)
    {
        ChunkFactors chunk = _inputs.Chunk(first, tokens);
        if (!_inputs.RoundFactors)
        {
            return chunk;
        }

        ChunkFactors rounded = chunk with
        {
            Contexts = [.. chunk.Contexts.Select((contexts_r_d, j) => Round(worker, contexts_r_d, _memory.Contexts!.select(0, j)))],
            GateContexts = chunk.GateContexts is null ? null : Round(worker, chunk.GateContexts, _memory.Gates!.Contexts!),
            GateFeatures = chunk.GateFeatures is null ? null : Round(worker, chunk.GateFeatures, _memory.Gates!.Features!),
        };
        worker.Meet();
        return rounded;
    }

    /// <summary>Rounds this worker's share of the rows.</summary>
    private static Tensor Round(Worker worker, Tensor x_r_d, Tensor memory)
    {
        (int start, int end) = worker.Share((int)x_r_d.shape[0]);
        memory.narrow(0, start, end - start).copy_(x_r_d.narrow(0, start, end - start));
        return memory.narrow(0, 0, x_r_d.shape[0]);
    }

    /// <summary>Adds a tile's exponentials up, and keeps the logits of targets.</summary>
    private void Sum(LogitTile tile, int first, Span<ExpSum> sums, float* scratch)
    {
        for (int r = 0; r < sums.Length; r++)
        {
            float* row = tile.Read(r, scratch, out float max);
            sums[r] += _row.SumExp(row, max, tile.Words);
            if (tile.Has(_targets[first + (r / _inputs.Experts)], out int target))
            {
                _targetLogits[r] = _row.Activate(row[target]);
            }
        }
    }

    /// <summary>The log-likelihood of a token of the chunk, and what its rows need for their gradient.</summary>
    private void Combine(int first, int n)
    {
        int experts = _inputs.Experts, start = n * experts, end = start + experts;
        ExpSum likelihood = ExpSum.Zero;
        for (int r = start; r < end; r++)
        {
            var sum = ExpSum.Of(_sums, r, _layout);
            float logPrior = _logPriors is null ? 0 : _logPriors[((long)first * experts) + r];
            float joint = _targetLogits[r] - sum.Offset - MathF.Log(sum.Sum) + logPrior;
            (_offsets[r], _factors[r], _shares[r]) = (sum.Offset, sum.Sum, joint);
            likelihood += new ExpSum(MathF.Max(joint, float.MinValue), MathF.Exp(joint - MathF.Max(joint, float.MinValue)));
        }

        float logLikelihood = likelihood.Log();
        _logLikelihood[first + n] = logLikelihood;
        for (int r = start; r < end; r++)
        {
            float share = _scale * MathF.Exp(_shares[r] - logLikelihood);
            (_factors[r], _shares[r]) = (share / _factors[r], share);
            if (_gradLogPriors is not null)
            {
                _gradLogPriors[((long)first * experts) + r] = -share;
            }
        }
    }
}
