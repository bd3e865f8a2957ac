// Mixtures of softmaxes, and the logits of some of them at a time.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <vector>

#include "../optional.h"
#include "products.h"
#include "rows.h"

namespace mos {

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

    // Room in a memory of logits for so many tokens, from its token start on: [count K, V].
    at::Tensor logits_in(const at::Tensor& memory, int64_t start, int64_t count) const {
        return memory.narrow(0, start * values_per_token(), count * values_per_token()).view({count * experts, weight.size(0)});
    }

    // How many tokens a memory of logits is used for.
    int64_t tokens_in(const at::Tensor& memory) const {
        const int64_t tokens = memory.numel() / values_per_token();
        TORCH_CHECK(tokens > 0, "a workspace of ", memory.numel(), " numbers does not hold the logits of one token");
        return std::max<int64_t>(std::min(tokens, count), 1);
    }
};

// So many tokens that their logits stay in cache from the product to the exponentials, and enough rows for the product.
inline int64_t tokens_in_cache(const Mixtures& mixtures) {
    const int64_t rows = std::max<int64_t>((1 << 20) / mixtures.weight.size(0), 96);
    return std::max<int64_t>(rows / mixtures.experts, 1);
}

// Tokens start to start + count: logits into z, exponentials in their place.
struct Slice {
    const Mixtures& mixtures;
    int64_t start;
    int64_t count;
    at::Tensor z;                       // [count K, V]
    std::vector<float> maxima;          // of z, or f(z), by row
    std::vector<float> sums;            // over v, by row
    std::vector<float> slopes;          // f'(z) at the target, or 1, by row
    std::vector<float> responsibility;  // r, by row

    Slice(const Mixtures& mixtures, PackedMatrix& words, const at::Tensor& z, int64_t start, int64_t count)
        : mixtures(mixtures),
          start(start),
          count(count),
          z(z),
          maxima(count * mixtures.experts),
          sums(count * mixtures.experts),
          slopes(count * mixtures.experts),
          responsibility(count * mixtures.experts) {
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
        const RowPasses& passes = row_passes();
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

}  // namespace mos
