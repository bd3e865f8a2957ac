using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

internal sealed unsafe partial class MixturePass
{
    /// <summary>Adds the gradients of a chunk: each worker those with respect to its words, then each those with respect to some contexts.</summary>
    private void Backward(Worker worker, LogitTile[] tiles, int first, Tensor contexts_r_d, MixtureGradients gradients, float* scratch)
    {
        int rows = (int)contexts_r_d.shape[0];
        Tensor gradContexts_r_d = _memory.GradContexts!.select(0, worker.Index).narrow(0, 0, rows).zero_();
        foreach (LogitTile tile in tiles)
        {
            Differentiate(tile, first, rows, scratch);
            Tensor gradLogits_r_w = tile.Logits(rows), gradWeight_w_d = gradients.Weight.narrow(0, tile.Start, tile.Words);
            Add(worker, gradContexts_r_d, gradLogits_r_w, tile.Weight_w_d);
            Add(worker, gradWeight_w_d, gradLogits_r_w.t(), contexts_r_d);
        }

        worker.Meet();
        (int start, int end) = worker.Share(rows);
        gradients.Contexts.narrow(0, ((long)first * _inputs.Experts) + start, end - start)
            .copy_(_memory.GradContexts.narrow(1, start, end - start).sum(dim: 0));
    }

    /// <summary>The gradient with respect to a tile's logits in their place; its sum over the rows is added to the bias's gradient.</summary>
    private void Differentiate(LogitTile tile, int first, int rows, float* scratch)
    {
        float* gradBias = _gradBias + tile.Start;
        for (int r = 0; r < rows; r++)
        {
            float* row = tile.ReadAgain(r, scratch);
            bool hasTarget = tile.Has(_targets[first + (r / _inputs.Experts)], out int target);
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

    /// <summary>sum += a b.</summary>
    private void Add(Worker worker, Tensor sum, Tensor a, Tensor b)
    {
        if (_memory.Products is null)
        {
            sum.addmm_(a, b);
            return;
        }

        Tensor product = _memory.Products.select(0, worker.Index).narrow(0, 0, sum.shape[0]).addmm_(a, b, beta: 0);
        _row.Add((ushort*)product.Memory(), sum.Floats(), sum.numel());
    }
}
