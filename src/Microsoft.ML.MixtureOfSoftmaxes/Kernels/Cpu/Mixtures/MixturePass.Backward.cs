using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

internal sealed unsafe partial class MixturePass
{
    /// <summary>Adds the gradients of a chunk: each worker those with respect to its words, then each those with respect to some contexts.</summary>
    private void Backward(Worker worker, LogitTile[] tiles, ChunkFactors chunk, MixtureGradients gradients, float* scratch)
    {
        WordPartitions partitions = _inputs.Partitions;
        Tensor[] gradContexts =
            [.. partitions.Each.Select(j => Share(worker, _memory.GradContexts!.select(1, j), chunk.Rows).zero_())];
        foreach (LogitTile tile in tiles.Where(tile => tile is not GateTile))
        {
            Differentiate(tile, chunk, scratch);
            Tensor gradLogits_r_w = tile.Logits(chunk.Rows);
            Add(worker, gradContexts[tile.Partition], gradLogits_r_w, tile.Weight_w_d);
            Tensor gradWeight_w_d = partitions.Of(gradients.Weight, tile.Partition, tile.Start, tile.Words);
            Add(worker, gradWeight_w_d, gradLogits_r_w.t(), chunk.Contexts[tile.Partition]);
        }

        if (gradients.Gates is not null)
        {
            Backward(worker, tiles.OfType<GateTile>(), chunk, gradients.Weight, gradients.Gates, _memory.Gates!);
        }

        worker.Meet();
        foreach (int j in partitions.Each)
        {
            Tensor gradContexts_nk_d = partitions.ContextsOf(gradients.Contexts, j);
            Collect(worker, _memory.GradContexts!.select(1, j), gradContexts_nk_d.narrow(0, (long)chunk.First * _inputs.Experts, chunk.Rows));
        }

        if (gradients.Gates is not null)
        {
            Collect(worker, _memory.Gates!.GradContexts!, gradients.Gates.Contexts.narrow(0, chunk.First, chunk.Tokens).flatten(0, 1));
            Collect(worker, _memory.Gates.GradFeatures!, gradients.Gates.Features.narrow(0, chunk.First, chunk.Tokens).flatten(0, 1));
            Collect(worker, _memory.Gates.GradShared!, gradients.Gates.Shared.narrow(0, chunk.First, chunk.Tokens));
        }
    }

    /// <summary>The same for words that have gates of their own.</summary>
    private void Backward(
        Worker worker, IEnumerable<GateTile> tiles, ChunkFactors chunk, Tensor gradWeight_v_d, GateTensors gradients, GateMemory memory)
    {
        Tensor gradContexts_nk_d = Share(worker, memory.GradContexts!, chunk.GateContexts!.shape[0]).zero_();
        Tensor gradFeatures_ni_e = Share(worker, memory.GradFeatures!, chunk.GateFeatures!.shape[0]).zero_();
        float* gradShared = Share(worker, memory.GradShared!, chunk.Tokens).zero_().Floats(), gradBias = gradients.Bias.Floats();
        foreach (GateTile tile in tiles)
        {
            Differentiate(tile, chunk, scratch: null);
            tile.Differentiate(chunk.First, chunk.Tokens, gradShared, gradBias);
            Tensor gradExperts_nk_w = tile.Experts(chunk.Tokens), gradGates_ni_w = tile.Gates(chunk.Tokens);
            Add(worker, gradContexts_nk_d, gradExperts_nk_w, tile.Weight_w_d);
            Add(worker, gradWeight_v_d.narrow(0, tile.Start, tile.Words), gradExperts_nk_w.t(), chunk.GateContexts);
            Add(worker, gradFeatures_ni_e, gradGates_ni_w, tile.Embedding_w_e);
            Add(worker, gradients.Embedding.narrow(0, tile.Start, tile.Words), gradGates_ni_w.t(), chunk.GateFeatures);
        }
    }

    /// <summary>This worker's share of a chunk's gradient.</summary>
    private static Tensor Share(Worker worker, Tensor shares, long rows) => shares.select(0, worker.Index).narrow(0, 0, rows);

    /// <summary>Adds the shares of all workers up, for some rows.</summary>
    private static void Collect(Worker worker, Tensor shares, Tensor gradient_r_d)
    {
        (int start, int end) = worker.Share((int)gradient_r_d.shape[0]);
        gradient_r_d.narrow(0, start, end - start).copy_(shares.narrow(1, start, end - start).sum(dim: 0));
    }

    /// <summary>The gradient with respect to a tile's logits in their place; its sum over the rows is added to the bias's gradient.</summary>
    private void Differentiate(LogitTile tile, ChunkFactors chunk, float* scratch)
    {
        float* gradBias = _gradBias + tile.Start;
        for (int r = 0; r < chunk.Rows; r++)
        {
            float* row = tile.ReadAgain(r, scratch);
            bool hasTarget = tile.Has(_targets[chunk.First + (r / _inputs.Experts)], out int target);
            float ofTarget = hasTarget ? _shares[r] * _row.Slope(row[target]) : 0;
            _row.Differentiate(row, _offsets[r], _factors[r], gradBias, tile.Words);
            if (hasTarget)
            {
                row[target] -= ofTarget;
                gradBias[target] -= ofTarget;
            }

            tile.Write(r, row);
        }
    }

    /// <summary>sum += a b; the rows of the sum need not follow each other.</summary>
    private void Add(Worker worker, Tensor sum, Tensor a, Tensor b)
    {
        if (_memory.Products is null)
        {
            sum.addmm_(a, b);
            return;
        }

        Tensor product = _memory.Products.select(0, worker.Index).narrow(0, 0, sum.numel()).view(sum.shape).addmm_(a, b, beta: 0);
        ushort* from = (ushort*)product.Memory();
        float* to = sum.select(0, 0).Floats();
        (long rows, long columns, long stride) = (sum.shape[0], sum.shape[1], sum.stride(0));
        for (long r = 0; r < rows; r++)
        {
            _row.Add(from + (r * columns), to + (r * stride), columns);
        }
    }
}
