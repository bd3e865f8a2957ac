using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// The logits of the words that have gates of their own, and the way back from their gradient: products with the weights by hand, so
/// that they keep their precision and add to gradients in place, the sigmoid tree between them by autograd.
/// </summary>
internal sealed class GatedLogits
{
    private readonly WordGates _gates;
    private readonly Tensor _factor_s_d;
    private readonly Products _products;
    private readonly Tensor _experts_n_k_s;
    private readonly Tensor _gates_n_i_s;
    private readonly Tensor _mixed_n_s;

    /// <param name="gates">The gates of N contexts.</param>
    /// <param name="factor_v_d">The decoder as a factor of products; its first S rows are used.</param>
    /// <param name="products">Computes the products.</param>
    public GatedLogits(WordGates gates, Tensor factor_v_d, Products products)
    {
        _gates = gates;
        _factor_s_d = factor_v_d.narrow(0, 0, gates.Words);
        _products = products;
        _experts_n_k_s = Product(gates.Contexts, _factor_s_d);
        _gates_n_i_s = Product(gates.Features, products.Factor(gates.Embedding)).add_(gates.Shared.unsqueeze(2)).add_(gates.Bias);
        using IDisposable grad = enable_grad();
        _mixed_n_s = SigmoidTree.Mix(_experts_n_k_s.requires_grad_(), _gates_n_i_s.requires_grad_().sigmoid());
    }

    /// <summary>Puts the logits in the place of those of the first words.</summary>
    public void CopyTo(Tensor z_n_v, Tensor bias_v) =>
        z_n_v.narrow(1, 0, _gates.Words).copy_(_mixed_n_s).add_(bias_v.narrow(0, 0, _gates.Words));

    /// <summary>
    /// Takes the gradient with respect to the logits of the first words out of that of all, and on to what made them; the gradient with
    /// respect to the bias is the caller's.
    /// </summary>
    public void AddGradients(Tensor gradLogits_n_v, WordGates gradient, Tensor gradWeight_v_d)
    {
        Tensor gradMixed_n_s = gradLogits_n_v.narrow(1, 0, _gates.Words);
        autograd.backward([_mixed_n_s], [gradMixed_n_s]);
        gradMixed_n_s.zero_();
        AddGradients(_experts_n_k_s.grad!, _gates.Contexts, _factor_s_d, gradient.Contexts, gradWeight_v_d.narrow(0, 0, _gates.Words));
        Tensor gradGates_n_i_s = _gates_n_i_s.grad!;
        AddGradients(gradGates_n_i_s, _gates.Features, _products.Factor(_gates.Embedding), gradient.Features, gradient.Embedding);
        gradient.Shared.copy_(gradGates_n_i_s.sum(dim: 2));
        gradient.Bias.add_(gradGates_n_i_s.sum(dim: 0));
    }

    private Tensor Product(Tensor x_n_k_d, Tensor factor_s_d)
    {
        Tensor product_n_k_s = x_n_k_d.new_empty([x_n_k_d.shape[0], x_n_k_d.shape[1], factor_s_d.shape[0]]);
        _products.Set(product_n_k_s.flatten(0, 1), _products.Factor(x_n_k_d.flatten(0, 1)), factor_s_d.t());
        return product_n_k_s;
    }

    private void AddGradients(Tensor gradient_n_k_s, Tensor x_n_k_d, Tensor factor_s_d, Tensor gradX_n_k_d, Tensor gradFactor_s_d)
    {
        Tensor gradient_nk_s = _products.Factor(gradient_n_k_s.flatten(0, 1));
        _products.Set(gradX_n_k_d.flatten(0, 1), gradient_nk_s, factor_s_d);
        _products.Add(gradFactor_s_d, gradient_nk_s.t(), _products.Factor(x_n_k_d.flatten(0, 1)));
    }
}
