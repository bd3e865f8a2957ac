using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// log P of every word, in log space throughout: each worker computes the logits of all experts that are possible for its words in one
/// product, and mixes them when the sums over the vocabulary are known.
/// </summary>
internal sealed unsafe class DistributionKernel : IDisposable
{
    private readonly MixtureInputs _inputs;
    private readonly PossibleExperts _experts;
    private readonly TileLayout _layout;
    private readonly LogitRow _row;
    private readonly Tensor _logits;
    private readonly KeptGateMemory _keptGates = new();
    private readonly GateMemory? _gates;
    private readonly float* _bias, _logPriors, _result;

    // Of each worker's words, by rows of the chunk; and what is to be added to f(z), log pi - log sum exp f(z).
    private readonly ExpSum[] _sums;
    private readonly float[] _shifts;

    private DistributionKernel(MixtureInputs inputs, Tensor result_n_v)
    {
        (_inputs, _experts, _layout) = (inputs, PossibleExperts.Of(inputs), TileLayout.Of(inputs));
        _row = LogitRow.Create(inputs.IsSigSoftmax);
        _logits = empty(_layout.ChunkLogits);
        _gates = inputs.Gates is null ? null : _keptGates.Take(inputs, inputs.Gates, _layout, hasGradients: false);
        _bias = inputs.Bias.Floats();
        _logPriors = _experts.LogPriors.Floats();
        _result = result_n_v.Floats();
        _sums = new ExpSum[_layout.Workers * _layout.ChunkRows];
        _shifts = new float[_layout.ChunkRows];
    }

    /// <summary>[N, V].</summary>
    /// <param name="inputs">N mixtures, factors as they are.</param>
    public static Tensor LogProbabilities(MixtureInputs inputs)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor result_n_v = empty(inputs.Tokens, inputs.Words);
        if (inputs.Tokens > 0)
        {
            using var kernel = new DistributionKernel(inputs, result_n_v);
            WorkerTeam.Run(kernel.Work, kernel._layout.Workers);
        }

        return result_n_v.MoveToOuterDisposeScope();
    }

    public void Dispose() => _keptGates.Dispose();

    private void Work(Worker worker)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        LogitTile[] tiles =
        [
            .. _layout.Gated.Tiles(worker.Index).Select(tile => new GateTile(
                tile.Start, tile.Words, _inputs.Weight, _bias, _row, _inputs.Gates!, _gates!, _layout.ChunkTokens)),
            .. _layout.Others.Tiles(worker.Index).Select(tile => new LogitTile(
                tile.Start, tile.Words, _inputs.Weight, _bias, _layout.LogitsOf(tile.Start, tile.Words, _logits), _row)),
        ];
        float** rows = (float**)NativeMemory.Alloc((nuint)(_inputs.Experts * sizeof(float*)));
        try
        {
            for (int first = 0, end; first < _inputs.Tokens; first = end)
            {
                using DisposeScope chunk = NewDisposeScope();
                end = EndOfChunk(first);
                Run(worker, tiles, first, end - first, rows);
            }
        }
        finally
        {
            NativeMemory.Free(rows);
        }
    }

    /// <summary>The token after as many from the first on as there is room for their rows.</summary>
    private int EndOfChunk(int first)
    {
        int end = first + 1;
        while (end < _inputs.Tokens && _experts.Starts[end + 1] - _experts.Starts[first] <= _layout.ChunkRows)
        {
            end++;
        }

        return end;
    }

    private void Run(Worker worker, LogitTile[] tiles, int first, int tokens, float** rows)
    {
        int firstRow = _experts.Starts[first], rowCount = _experts.Starts[first + tokens] - firstRow;
        ChunkFactors factors = _inputs.Chunk(first, tokens) with { Contexts = _experts.Contexts.narrow(-2, firstRow, rowCount) };
        Span<ExpSum> sums = _sums.AsSpan(worker.Index * _layout.ChunkRows, rowCount);
        sums.Fill(ExpSum.Zero);
        foreach (LogitTile tile in tiles)
        {
            tile.Compute(factors);
            for (int r = 0; r < sums.Length; r++)
            {
                float* row = tile.Read(r, null, out float max);
                sums[r] += _row.SumExp(row, max, tile.Words);
            }
        }

        worker.Meet();
        (int start, int end) = worker.Share(rowCount);
        for (int r = start; r < end; r++)
        {
            _shifts[r] = (_logPriors is null ? 0 : _logPriors[firstRow + r]) - ExpSum.Of(_sums, r, _layout).Log();
        }

        worker.Meet();
        foreach (LogitTile tile in tiles)
        {
            for (int n = 0; n < tokens; n++)
            {
                int row = _experts.Starts[first + n] - firstRow, experts = _experts.Starts[first + n + 1] - firstRow - row;
                for (int k = 0; k < experts; k++)
                {
                    rows[k] = tile.ReadAgain(row + k, null);
                }

                fixed (float* shifts = &_shifts[row])
                {
                    _row.Mix(rows, shifts, experts, _result + ((long)(first + n) * _inputs.Words) + tile.Start, tile.Words);
                }
            }
        }

        worker.Meet();
    }
}
