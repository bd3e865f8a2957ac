using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// The log-likelihoods of mixtures of softmaxes and their gradients on a GPU: products by cuBLAS, between them one kernel that reads the logits and
/// one that puts their gradient in their place.
/// </summary>
/// <remarks>
/// The bias is two more columns of the decoder, and ones those of the contexts, so that no pass adds it or sums its gradient: the bias rounded to
/// bfloat16, and what that leaves, so that in no precision more of it is lost than in float32.
/// </remarks>
/// <param name="launcher">Runs the kernels where the tensors are.</param>
internal sealed class CudaMixtureKernel(IKernelLauncher launcher) : IDisposable
{
    // Rows begin where 16 bytes can be read at a time in every type, and products have sizes that matrix units like.
    private const int Alignment = 8;
    private const int Threads = 256;

    private readonly KeptTensor _logits = new(), _contexts = new(), _weight = new(), _gradWeight = new();

    /// <summary>The memory of a token's logits.</summary>
    public static long BytesPerToken(MixtureInputs inputs) =>
        (inputs.Experts * (long)Aligned(inputs.Words) * BytesPerNumber(inputs))
        + (inputs.Gates is null ? 0 : CudaGatedLogits.BytesPerToken(inputs.Gates, BytesPerNumber(inputs)));

    /// <summary>log p[n], [N]; the gradients of <paramref name="scale"/> * sum_n -log p[n], if asked for.</summary>
    /// <param name="inputs">N mixtures.</param>
    /// <param name="targets_n">The true next words, int64 and contiguous.</param>
    /// <param name="scale">What the sum is multiplied by.</param>
    /// <param name="gradients">Where the gradients go; null for the log-likelihoods alone.</param>
    /// <param name="pass">Goes through the tokens.</param>
    public Tensor Run(MixtureInputs inputs, Tensor targets_n, double scale, MixtureGradients? gradients, ChunkedPass pass)
    {
        using IDisposable noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor logLikelihood_n = inputs.Contexts.new_empty(inputs.Tokens);
        Tensor weight_v_e = Decoder(inputs);
        Tensor? gradWeight_v_e = gradients is null
            ? null
            : _gradWeight.TakeOn(inputs.Weight.device, ScalarType.Float32, weight_v_e.shape).zero_();
        pass.Run(inputs.Tokens, (start, count) => Chunk((int)start, (int)count), Free);
        if (gradients is not null)
        {
            gradients.Weight.add_(gradWeight_v_e!.narrow(1, 0, inputs.Size));
            gradients.Bias.add_(gradWeight_v_e.select(1, inputs.Size));
        }

        return scope.MoveToOuter(logLikelihood_n);

        void Chunk(int start, int count)
        {
            using var chunkScope = NewDisposeScope();
            (int first, int rows, int stride) = (start * inputs.Experts, count * inputs.Experts, Aligned(inputs.Words));
            Tensor contexts_r_e = Contexts(inputs, first, rows, weight_v_e.shape[1]);
            Tensor z_r_v = _logits.TakeOn(inputs.Weight.device, inputs.FactorType, rows, stride).narrow(1, 0, inputs.Words);
            z_r_v.addmm_(contexts_r_e, weight_v_e.t(), beta: 0);
            CudaGatedLogits? gated = inputs.Gates is null ? null : new(launcher, inputs, weight_v_e, z_r_v, start, count);
            Tensor statistics_2_r = inputs.Contexts.new_empty(2, rows);
            Tensor? shares_r = gradients is null ? null : inputs.Contexts.new_empty(rows);
            (nint logits, nint targets) = (TensorPointer.Of(z_r_v), TensorPointer.Of(targets_n.narrow(0, start, count)));
            (nint logSums, nint targetLogits) = (TensorPointer.Of(statistics_2_r.select(0, 0)), TensorPointer.Of(statistics_2_r.select(0, 1)));
            launcher.Launch(
                Name("row_statistics", inputs), rows, Threads, logits, targets, logSums, targetLogits, inputs.Words, stride, inputs.Experts);
            launcher.Launch(
                "mixture", (count + Threads - 1) / Threads, Threads, logSums, targetLogits,
                TensorPointer.Of(inputs.LogPriors?.narrow(0, start, count)), TensorPointer.Of(logLikelihood_n.narrow(0, start, count)),
                TensorPointer.Of(shares_r), TensorPointer.Of(gradients?.LogPriors?.narrow(0, start, count)),
                BitConverter.SingleToUInt32Bits((float)scale), inputs.Experts, count);
            if (gradients is null)
            {
                return;
            }

            launcher.Launch(
                Name("row_gradient", inputs), rows, Threads, logits, targets, logSums, TensorPointer.Of(shares_r), inputs.Words, stride,
                inputs.Experts);
            gated?.TakeBack(gradients, gradWeight_v_e!, pass);
            gradients.Contexts.narrow(0, first, rows).copy_(z_r_v.mm(weight_v_e).narrow(1, 0, inputs.Size));
            if (inputs.RoundFactors)
            {
                Tensor product_v_e = z_r_v.t().mm(contexts_r_e);
                pass.BeginAdding();
                gradWeight_v_e!.add_(product_v_e);
            }
            else
            {
                pass.BeginAdding();
                gradWeight_v_e!.addmm_(z_r_v.t(), contexts_r_e);
            }
        }
    }

    public void Dispose() => Array.ForEach([_logits, _contexts, _weight, _gradWeight], kept => kept.Dispose());

    private static int BytesPerNumber(MixtureInputs inputs) => inputs.RoundFactors ? sizeof(short) : sizeof(float);

    private static int Aligned(int size) => (size + Alignment - 1) / Alignment * Alignment;

    private static string Name(string kernel, MixtureInputs inputs) =>
        $"{kernel}_{(inputs.RoundFactors ? "bfloat16" : "float32")}_{(inputs.IsSigSoftmax ? "sigsoftmax" : "softmax")}";

    // What chunks need is sized by the first, and by their halves after that.
    private void Free()
    {
        _logits.Dispose();
        _contexts.Dispose();
    }

    /// <summary>The decoder and its bias as a factor, [V, E]: d columns, the two of the bias, and zeros.</summary>
    private Tensor Decoder(MixtureInputs inputs)
    {
        Tensor weight_v_e = _weight.TakeOn(inputs.Weight.device, inputs.FactorType, inputs.Words, Aligned(inputs.Size + 2)).zero_();
        weight_v_e.narrow(1, 0, inputs.Size).copy_(inputs.Weight);
        Tensor rounded_v = inputs.Bias.to(ScalarType.BFloat16);
        weight_v_e.select(1, inputs.Size).copy_(rounded_v);
        weight_v_e.select(1, inputs.Size + 1).copy_(inputs.Bias - rounded_v);
        return weight_v_e;
    }

    /// <summary>Rows of contexts as a factor, [r, E].</summary>
    private Tensor Contexts(MixtureInputs inputs, int first, int rows, long columns)
    {
        Tensor contexts_r_e = _contexts.TakeOn(inputs.Weight.device, inputs.FactorType, rows, columns).zero_();
        contexts_r_e.narrow(1, 0, inputs.Size).copy_(inputs.Contexts.narrow(0, first, rows));
        contexts_r_e.narrow(1, inputs.Size, 2).fill_(1);
        return contexts_r_e;
    }
}
