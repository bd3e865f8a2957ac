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

#include <cmath>
#include <vector>

#include "../optional.h"
#include "products.h"
#include "rows.h"
#include "transposed_sum.h"

namespace {

// N mixtures of K softmaxes over V words, and the true words.
struct Mixtures {
    at::Tensor contexts;    // h [N K, d]
    at::Tensor log_priors;  // log pi [N, K], undefined when K = 1
    at::Tensor weight;      // w [V, d]
    at::Tensor bias;        // b [V]
    at::Tensor targets;     // y [N], int64
    bool sigsoftmax;
    int64_t experts;
    int64_t count;

    Mixtures(const at::Tensor& contexts, const OptionalTensor& log_priors, const at::Tensor& weight,
             const at::Tensor& bias, const at::Tensor& targets, bool sigsoftmax)
        : contexts(contexts.contiguous()),
          log_priors(log_priors.has_value() ? log_priors->contiguous() : at::Tensor()),
          weight(weight.contiguous()),
          bias(bias.contiguous()),
          targets(targets.contiguous()),
          sigsoftmax(sigsoftmax),
          experts(log_priors.has_value() ? log_priors->size(1) : 1),
          count(targets.numel()) {
        TORCH_CHECK(contexts.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat,
                    "mixtures must be float32");
        TORCH_CHECK(contexts.size(0) == count * experts, "there are ", contexts.size(0), " contexts for ", count,
                    " mixtures of ", experts);
        TORCH_CHECK(contexts.size(1) == weight.size(1), "contexts of size ", contexts.size(1),
                    " do not meet words of size ", weight.size(1));
        TORCH_CHECK(bias.numel() == weight.size(0), "there are ", bias.numel(), " biases for ", weight.size(0),
                    " words");
        TORCH_CHECK(
            count == 0 || (targets.min().item<int64_t>() >= 0 && targets.max().item<int64_t>() < weight.size(0)),
            "a target is not in the vocabulary");
    }

    // The contexts of so many tokens, [count K, d].
    at::Tensor rows(int64_t start, int64_t count) const { return contexts.narrow(0, start * experts, count * experts); }

    int64_t values_per_token() const { return experts * weight.size(0); }

    // How many tokens a memory of logits is used for.
    int64_t tokens_in(const at::Tensor& memory) const {
        const int64_t tokens = memory.numel() / values_per_token();
        TORCH_CHECK(tokens > 0, "a workspace of ", memory.numel(), " numbers does not hold the logits of one token");
        return std::max<int64_t>(std::min(tokens, count), 1);
    }
};

// So many tokens that their logits stay in cache from the product to the exponentials, and enough rows for the product.
int64_t tokens_in_cache(const Mixtures& mixtures) {
    const int64_t rows = std::max<int64_t>((1 << 20) / mixtures.weight.size(0), 96);
    return std::max<int64_t>(rows / mixtures.experts, 1);
}

// Tokens start to start + count: logits into memory, exponentials in their place.
struct Slice {
    const Mixtures& mixtures;
    int64_t start;
    int64_t count;
    at::Tensor z;                       // [count K, V]
    std::vector<float> maxima;          // of z, or f(z), by row
    std::vector<float> sums;            // over v, by row
    std::vector<float> slopes;          // f'(z) at the target, or 1, by row
    std::vector<float> responsibility;  // r, by row

    Slice(const Mixtures& mixtures, mos::PackedMatrix& words, const at::Tensor& memory, int64_t start, int64_t count)
        : mixtures(mixtures),
          start(start),
          count(count),
          maxima(count * mixtures.experts),
          sums(count * mixtures.experts),
          slopes(count * mixtures.experts),
          responsibility(count * mixtures.experts) {
        const int64_t rows = count * mixtures.experts, size = mixtures.weight.size(0);
        z = memory.narrow(0, 0, rows * size).view({rows, size});
        words.multiply(mixtures.rows(start, count), z);
    }

    float activate(float z, float* slope) const {
        *slope = mixtures.sigsoftmax ? 1 + 1 / (1 + std::exp(z)) : 1;
        return mixtures.sigsoftmax ? z + std::min(z, 0.0f) - std::log1p(std::exp(-std::abs(z))) : z;
    }

    // What to do with each token once its rows are exponentials: called with the token and its first row.
    template <typename Finish>
    void run(float* log_likelihood, Finish finish) {
        const int64_t size = z.size(1), experts = mixtures.experts;
        const float* bias = mixtures.bias.data_ptr<float>();
        const float* priors =
            mixtures.log_priors.defined() ? mixtures.log_priors.data_ptr<float>() + start * experts : nullptr;
        const int64_t* targets = mixtures.targets.data_ptr<int64_t>() + start;
        float* logits = z.data_ptr<float>();
        const mos::RowPasses& passes = mos::row_passes();
        const auto exponentiate = mixtures.sigsoftmax ? passes.exponentiate_sigmoid : passes.exponentiate;
        at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
            for (int64_t n = begin; n < end; n++) {
                float* joint = responsibility.data() + n * experts;
                float top = -INFINITY;
                for (int64_t k = 0; k < experts; k++) {
                    const int64_t row = n * experts + k;
                    float* z_v = logits + row * size;
                    const float target = activate(z_v[targets[n]] + bias[targets[n]], &slopes[row]);
                    exponentiate(z_v, bias, size, &maxima[row], &sums[row]);
                    joint[k] = target - maxima[row] - std::log(sums[row]) + (priors ? priors[row] : 0.0f);
                    top = std::max(top, joint[k]);
                }
                double total = 0;
                for (int64_t k = 0; k < experts; k++) total += std::exp(static_cast<double>(joint[k] - top));
                log_likelihood[start + n] = static_cast<float>(top + std::log(total));
                for (int64_t k = 0; k < experts; k++) joint[k] = static_cast<float>(std::exp(joint[k] - top) / total);
                finish(n, n * experts);
            }
        });
    }
};

// Calls use with the first of so many tokens and their number, until all have been.
template <typename Use>
void for_each_part(int64_t start, int64_t end, int64_t count, Use use) {
    for (; start < end; start += count) use(start, std::min(count, end - start));
}

at::Tensor log_likelihood(const at::Tensor& contexts, const OptionalTensor& log_priors, const at::Tensor& weight,
                          const at::Tensor& bias, const at::Tensor& targets, bool sigsoftmax, bool bfloat16,
                          at::Tensor workspace) {
    const Mixtures mixtures(contexts, log_priors, weight, bias, targets, sigsoftmax);
    const int64_t slice = std::min(tokens_in_cache(mixtures), mixtures.tokens_in(workspace));
    at::Tensor result = at::empty({mixtures.count}, contexts.options());
    mos::PackedMatrix words(mixtures.weight.t(), slice * mixtures.experts, bfloat16);
    for_each_part(0, mixtures.count, slice, [&](int64_t start, int64_t count) {
        Slice(mixtures, words, workspace, start, count).run(result.data_ptr<float>(), [](int64_t, int64_t) {});
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
          slice_(std::min(tokens_in_cache(mixtures), tokens_)) {
        if (!bfloat16) return;
        slice_ = std::max<int64_t>(std::min(slice_, tokens_ / 2), 1);
        const int64_t used = slice_ * mixtures.values_per_token();
        memory_ = workspace.narrow(0, used, workspace.numel() - used).view(at::kBFloat16);
        tokens_ = mixtures.tokens_in(memory_);
    }

    int64_t tokens() const { return tokens_; }
    int64_t slice() const { return slice_; }

    // Where the logits of the chunk's token so-and-so, and of those after it in the same slice, are to be.
    at::Tensor logits(int64_t token) const {
        return bfloat16_ ? logits_ : logits_.narrow(0, token * mixtures_.values_per_token(), logits_.numel() - token * mixtures_.values_per_token());
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
    at::Tensor rows(int64_t count) const {
        return memory_.narrow(0, 0, count * mixtures_.values_per_token()).view({count * mixtures_.experts, -1});
    }

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
            Slice slice(mixtures, words, gradient.logits(start - first), start, count);
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
