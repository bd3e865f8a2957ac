using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// Rows of the embedding. On the way back their gradients are added to the rows in use of the parameter's gradient, where libtorch's operator
/// would make, and then add, one of the size of the whole embedding.
/// </summary>
internal sealed class EmbeddedRows : autograd.SingleTensorFunction<EmbeddedRows>
{
    private const string EmbeddingKey = "embedding";

    public override string Name => nameof(EmbeddedRows);

    /// <summary>The rows [N, d] of words [N].</summary>
    public static Tensor Of(Tensor embedding_v_d, Tensor words_n) =>
        is_grad_enabled() && embedding_v_d.requires_grad ? apply(embedding_v_d, words_n) : embedding_v_d.index_select(0, words_n);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        (var embedding_v_d, var words_n) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([words_n]);
        ctx.save_data(EmbeddingKey, new Saved(embedding_v_d));
        return embedding_v_d.detach().index_select(0, words_n);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        BackwardError.Catch(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor embedding_v_d = ((Saved)ctx.get_data(EmbeddingKey)).Embedding;
            Tensor? gradient_v_d = embedding_v_d.grad;
            if (gradient_v_d is null)
            {
                gradient_v_d = zeros_like(embedding_v_d);
                embedding_v_d.grad = gradient_v_d;
            }

            gradient_v_d.index_add_(0, ctx.get_saved_variables()[0], grad_output, 1);
        });
        return [null!, null!];
    }

    // The parameter itself, whose gradient is added to.
    private sealed record Saved(Tensor Embedding);
}
