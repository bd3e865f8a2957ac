using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// Multi-facet softmax (Chang, McCallum, ACL 2022): a mixture of softmaxes the first of which has J contexts, its facets, each for a partition of
/// the vocabulary. With one softmax its logits cost what those of a softmax cost; with one partition it is a mixture of softmaxes.
/// </summary>
internal sealed class MultiFacetSoftmaxHead : Head
{
    [ComponentName(Name = "experts")]
    private readonly Experts _experts;

    private readonly long _partitions;

    public MultiFacetSoftmaxHead(NetworkShape shape, Device device) : base(nameof(MultiFacetSoftmaxHead))
    {
        _partitions = shape.Partitions;
        _experts = new Experts(shape, device);
        RegisterComponents();
    }

    public override Mixture Mix(Tensor g_t_b_h, Drop latentDropout)
    {
        (Tensor contexts_nf_d, Tensor logPriors_n_k) = _experts.Call(g_t_b_h, latentDropout);
        if (_partitions == 1)
        {
            return new(contexts_nf_d, logPriors_n_k);
        }

        // The facets come first, then the contexts of the other softmaxes, which all partitions share.
        (long n, long others, long d) = (logPriors_n_k.shape[0], logPriors_n_k.shape[1] - 1, contexts_nf_d.shape[1]);
        Tensor contexts_n_f_d = contexts_nf_d.view(n, _partitions + others, d);
        Tensor facets_j_n_1_d = contexts_n_f_d.narrow(1, 0, _partitions).transpose(0, 1).unsqueeze(2);
        Tensor others_j_n_k_d = contexts_n_f_d.narrow(1, _partitions, others).expand(_partitions, n, others, d);
        return new(cat([facets_j_n_1_d, others_j_n_k_d], dim: 2).flatten(1, 2), logPriors_n_k);
    }
}
