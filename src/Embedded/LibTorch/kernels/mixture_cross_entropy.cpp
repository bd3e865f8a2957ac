// The exact log-likelihood of mixtures of softmaxes and its gradient, in one pass over chunks of rows.
//
// z[n,k,v] = h[n,k] . w[v] + b[v];  log p[n] = logsumexp_k(log pi[n,k] + z[n,k,y] - logsumexp_v z[n,k,v]);
// r[n,k] = exp(log pi[n,k] + z[n,k,y] - logsumexp_v z[n,k,v] - log p[n]);
// d(-log p)/dz[n,k,v] = r[n,k] (softmax_v z - [v = y]);  d(-log p)/d log pi[n,k] = -r[n,k].
// With sigsoftmax f(z) = z + log sigmoid(z) stands for z, and the gradient by z takes the factor f'(z) = 2 - sigmoid(z).
//
// The three matrix products are a library's, in float32 or of factors rounded to bfloat16. Everything between them happens
// while the K rows of a token are in cache.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/library.h>

#include "../optional.h"
#include "mixtures.h"
#include "transposed_sum.h"

namespace {

using mos::Mixtures;
using mos::Slice;

// Calls use with the first of so many tokens and their number, until all have been.
template <typename Use>
void for_each_part(int64_t start, int64_t end, int64_t count, Use use) {
    for (; start < end; start += count) use(start, std::min(count, end - start));
}

at::Tensor log_likelihood(const at::Tensor& contexts, const OptionalTensor& log_priors, const at::Tensor& weight,
                          const at::Tensor& bias, const at::Tensor& targets, bool sigsoftmax, bool bfloat16,
                          at::Tensor workspace) {
    const Mixtures mixtures(contexts, log_priors, weight, bias, targets, sigsoftmax);
    const int64_t slice = std::min(mos::tokens_in_cache(mixtures), mixtures.tokens_in(workspace));
    at::Tensor result = at::empty({mixtures.count}, contexts.options());
    mos::PackedMatrix words(mixtures.weight.t(), slice * mixtures.experts, bfloat16);
    for_each_part(0, mixtures.count, slice, [&](int64_t start, int64_t count) {
        Slice slice(mixtures, words, mixtures.logits_in(workspace, 0, count), start, count);
        slice.run(result.data_ptr<float>(), [](int64_t, int64_t) {});
    });
    return result;
}

// The gradient by the logits of a chunk of tokens, computed slice by slice: in the place of the logits, or rounded beside
// them, so that logits need only be there for a slice. Its sums over the rows each thread keeps for itself.
class LogitGradient {
public:
    LogitGradient(const Mixtures& mixtures, bool bfloat16, const at::Tensor& workspace)
        : mixtures_(mixtures),
          bias_(at::zeros({at::get_num_threads(), mixtures.weight.size(0)}, mixtures.bias.options())),
          bfloat16_(bfloat16),
          memory_(workspace),
          logits_(workspace),
          tokens_(mixtures.tokens_in(workspace)),
          slice_(std::min(mos::tokens_in_cache(mixtures), tokens_)) {
        if (!bfloat16) return;
        slice_ = std::max<int64_t>(std::min(slice_, tokens_ / 2), 1);
        const int64_t used = slice_ * mixtures.values_per_token();
        memory_ = workspace.narrow(0, used, workspace.numel() - used).view(at::kBFloat16);
        tokens_ = mixtures.tokens_in(memory_);
    }

    int64_t tokens() const { return tokens_; }
    int64_t slice() const { return slice_; }

    // Where the logits of so many of the chunk's tokens are to be, [count K, V].
    at::Tensor logits(int64_t start, int64_t count) const {
        return mixtures_.logits_in(logits_, bfloat16_ ? 0 : start, count);
    }

    // factor times a row of exponentials becomes a row of the gradient.
    void set(float* exponentials, float factor, int64_t row) {
        const int64_t size = mixtures_.weight.size(0);
        float* sums = bias_.data_ptr<float>() + at::get_thread_num() * size;
        if (bfloat16_) {
            auto rounded = static_cast<uint16_t*>(memory_.data_ptr()) + row * size;
            mos::row_passes().scale_to_bfloat16(exponentials, factor, size, sums, rounded);
        } else {
            mos::row_passes().scale(exponentials, factor, size, sums);
        }
    }

    // [count K, V]
    at::Tensor rows(int64_t count) const { return mixtures_.logits_in(memory_, 0, count); }

    at::Tensor bias() const { return bias_.sum(0); }

private:
    const Mixtures& mixtures_;
    at::Tensor bias_;
    bool bfloat16_;
    at::Tensor memory_, logits_;
    int64_t tokens_, slice_;
};

std::tuple<at::Tensor, at::Tensor, at::Tensor> backpropagate(const at::Tensor& contexts,
                                                             const OptionalTensor& log_priors, const at::Tensor& weight,
                                                             const at::Tensor& bias, const at::Tensor& targets,
                                                             double scale, bool sigsoftmax, bool bfloat16,
                                                             at::Tensor workspace, at::Tensor grad_weight,
                                                             at::Tensor grad_bias) {
    const Mixtures mixtures(contexts, log_priors, weight, bias, targets, sigsoftmax);
    const int64_t size = mixtures.weight.size(0), experts = mixtures.experts;
    at::Tensor result = at::empty({mixtures.count}, contexts.options());
    at::Tensor grad_contexts = at::empty_like(mixtures.contexts);
    at::Tensor grad_priors = at::empty({mixtures.count, experts}, contexts.options());
    float* grad_prior = grad_priors.data_ptr<float>();

    LogitGradient gradient(mixtures, bfloat16, workspace);
    mos::PackedMatrix words(mixtures.weight.t(), gradient.slice() * experts, bfloat16);
    mos::PackedMatrix embedding(mixtures.weight, gradient.tokens() * experts, bfloat16);
    mos::TransposedSum word_gradient(grad_weight);
    for_each_part(0, mixtures.count, gradient.tokens(), [&](int64_t first, int64_t chunk) {
        for_each_part(first, first + chunk, gradient.slice(), [&](int64_t start, int64_t count) {
            Slice slice(mixtures, words, gradient.logits(start - first, count), start, count);
            const int64_t* targets_n = mixtures.targets.data_ptr<int64_t>() + start;
            float* z = slice.z.data_ptr<float>();
            slice.run(result.data_ptr<float>(), [&](int64_t n, int64_t first_row) {
                for (int64_t row = first_row; row < first_row + experts; row++) {
                    const float share = static_cast<float>(scale) * slice.responsibility[row];
                    float* z_v = z + row * size;
                    if (mixtures.sigsoftmax) mos::row_passes().differentiate_sigmoid(z_v, slice.maxima[row], size);
                    // exp(z_y) / sum - 1 = (exp(z_y) - sum) / sum.
                    z_v[targets_n[n]] -= slice.sums[row] * slice.slopes[row];
                    gradient.set(z_v, share / slice.sums[row], (start - first) * experts + row);
                    grad_prior[start * experts + row] = -share;
                }
            });
        });
        embedding.multiply(gradient.rows(chunk), grad_contexts.narrow(0, first * experts, chunk * experts));
        word_gradient.add(gradient.rows(chunk), mos::factor(mixtures.rows(first, chunk), bfloat16));
    });
    word_gradient.finish();
    grad_bias.add_(gradient.bias());
    return {result, grad_contexts, grad_priors};
}

}  // namespace

TORCH_LIBRARY(mos, library) {
    library.def(
        "mixture_log_likelihood(Tensor contexts, Tensor? log_priors, Tensor weight, Tensor bias, Tensor targets, "
        "bool sigsoftmax, bool bfloat16, Tensor(a!) workspace) -> Tensor");
    library.def(
        "mixture_backpropagate(Tensor contexts, Tensor? log_priors, Tensor weight, Tensor bias, Tensor targets, float "
        "scale, bool sigsoftmax, bool bfloat16, Tensor(a!) workspace, Tensor(b!) grad_weight, Tensor(c!) grad_bias) -> "
        "(Tensor, Tensor, Tensor)");
}

TORCH_LIBRARY_IMPL(mos, CPU, library) {
    library.impl("mixture_log_likelihood", log_likelihood);
    library.impl("mixture_backpropagate", backpropagate);
}
