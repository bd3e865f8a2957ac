// The exact log-likelihood of mixtures of softmaxes and its gradient, in one pass over chunks of rows.
//
// z[n,k,v] = h[n,k] . w[v] + b[v];  log p[n] = logsumexp_k(log pi[n,k] + z[n,k,y] - logsumexp_v z[n,k,v]);
// r[n,k] = exp(log pi[n,k] + z[n,k,y] - logsumexp_v z[n,k,v] - log p[n]);
// d(-log p)/dz[n,k,v] = r[n,k] (softmax_v z - [v = y]);  d(-log p)/d log pi[n,k] = -r[n,k].
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

namespace {

// N mixtures of K softmaxes over V words, and the true words.
struct Mixtures {
    at::Tensor contexts;    // h [N K, d]
    at::Tensor log_priors;  // log pi [N, K], undefined when K = 1
    at::Tensor weight;      // w [V, d]
    at::Tensor bias;        // b [V]
    at::Tensor targets;     // y [N], int64
    int64_t experts;
    int64_t count;

    Mixtures(const at::Tensor& contexts, const OptionalTensor& log_priors, const at::Tensor& weight,
             const at::Tensor& bias, const at::Tensor& targets)
        : contexts(contexts.contiguous()),
          log_priors(log_priors.has_value() ? log_priors->contiguous() : at::Tensor()),
          weight(weight.contiguous()),
          bias(bias.contiguous()),
          targets(targets.contiguous()),
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
};

// Tokens start to start + count: logits into the workspace, exponentials in their place.
struct Chunk {
    const Mixtures& mixtures;
    int64_t start;
    int64_t count;
    at::Tensor z;                       // [count K, V]
    std::vector<float> sums;            // over v, by row
    std::vector<float> responsibility;  // r, by row

    Chunk(const Mixtures& mixtures, mos::PackedMatrix& words, const at::Tensor& workspace, int64_t start,
          int64_t count)
        : mixtures(mixtures),
          start(start),
          count(count),
          sums(count * mixtures.experts),
          responsibility(count * mixtures.experts) {
        const int64_t rows = count * mixtures.experts, size = mixtures.weight.size(0);
        z = workspace.narrow(0, 0, rows * size).view({rows, size});
        words.multiply(contexts(), z);
    }

    at::Tensor contexts() const {
        return mixtures.contexts.narrow(0, start * mixtures.experts, count * mixtures.experts);
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
        at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
            for (int64_t n = begin; n < end; n++) {
                float* joint = responsibility.data() + n * experts;
                float top = -INFINITY;
                for (int64_t k = 0; k < experts; k++) {
                    const int64_t row = n * experts + k;
                    float* z_v = logits + row * size;
                    const float target = z_v[targets[n]] + bias[targets[n]];
                    float maximum;
                    passes.exponentiate(z_v, bias, size, &maximum, &sums[row]);
                    joint[k] = target - maximum - std::log(sums[row]) + (priors ? priors[row] : 0.0f);
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

template <typename Use>
void for_each_chunk(const Mixtures& mixtures, bool bfloat16, const at::Tensor& workspace, Use use) {
    const int64_t per_chunk =
        std::min(workspace.numel() / (mixtures.weight.size(0) * mixtures.experts), mixtures.count);
    TORCH_CHECK(per_chunk > 0 || mixtures.count == 0, "the workspace of ", workspace.numel(),
                " numbers does not hold the logits of one token");
    if (mixtures.count == 0) return;
    mos::PackedMatrix words(mixtures.weight.t(), per_chunk * mixtures.experts, bfloat16);
    for (int64_t start = 0; start < mixtures.count; start += per_chunk)
        use(Chunk(mixtures, words, workspace, start, std::min(per_chunk, mixtures.count - start)));
}

at::Tensor log_likelihood(const at::Tensor& contexts, const OptionalTensor& log_priors, const at::Tensor& weight,
                          const at::Tensor& bias, const at::Tensor& targets, bool bfloat16, at::Tensor workspace) {
    const Mixtures mixtures(contexts, log_priors, weight, bias, targets);
    at::Tensor result = at::empty({mixtures.count}, contexts.options());
    for_each_chunk(mixtures, bfloat16, workspace,
                   [&](Chunk chunk) { chunk.run(result.data_ptr<float>(), [](int64_t, int64_t) {}); });
    return result;
}

// The gradient by the logits of a chunk, in their place or rounded beside them, and its sums over the rows, which each
// thread keeps for itself.
class LogitGradient {
public:
    LogitGradient(const Mixtures& mixtures, bool bfloat16)
        : size_(mixtures.weight.size(0)),
          bias_(at::zeros({at::get_num_threads(), size_}, mixtures.bias.options())),
          bfloat16_(bfloat16) {}

    void begin(Chunk& chunk) {
        if (!bfloat16_) {
            rows_ = chunk.z;
            return;
        }
        if (!rounded_.defined()) rounded_ = at::empty(chunk.z.sizes(), chunk.z.options().dtype(at::kBFloat16));
        rows_ = rounded_.narrow(0, 0, chunk.z.size(0));
    }

    void set(float* exponentials, float factor, int64_t row) {
        float* sums = bias_.data_ptr<float>() + at::get_thread_num() * size_;
        if (bfloat16_) {
            auto rounded = static_cast<uint16_t*>(rows_.data_ptr()) + row * size_;
            mos::row_passes().scale_to_bfloat16(exponentials, factor, size_, sums, rounded);
        } else {
            mos::row_passes().scale(exponentials, factor, size_, sums);
        }
    }

    const at::Tensor& rows() const { return rows_; }
    at::Tensor bias() const { return bias_.sum(0); }

private:
    int64_t size_;
    at::Tensor bias_, rounded_, rows_;
    bool bfloat16_;
};

std::tuple<at::Tensor, at::Tensor, at::Tensor> backpropagate(const at::Tensor& contexts,
                                                             const OptionalTensor& log_priors, const at::Tensor& weight,
                                                             const at::Tensor& bias, const at::Tensor& targets,
                                                             double scale, bool bfloat16, at::Tensor workspace,
                                                             at::Tensor grad_weight, at::Tensor grad_bias) {
    const Mixtures mixtures(contexts, log_priors, weight, bias, targets);
    at::Tensor result = at::empty({mixtures.count}, contexts.options());
    at::Tensor grad_contexts = at::empty_like(mixtures.contexts);
    at::Tensor grad_priors = at::empty({mixtures.count, mixtures.experts}, contexts.options());
    float* grad_prior = grad_priors.data_ptr<float>();
    LogitGradient gradient(mixtures, bfloat16);
    std::unique_ptr<mos::PackedMatrix> embedding;
    for_each_chunk(mixtures, bfloat16, workspace, [&](Chunk chunk) {
        const int64_t size = chunk.z.size(1), experts = mixtures.experts;
        const int64_t* targets_n = mixtures.targets.data_ptr<int64_t>() + chunk.start;
        float* z = chunk.z.data_ptr<float>();
        gradient.begin(chunk);
        chunk.run(result.data_ptr<float>(), [&](int64_t n, int64_t first_row) {
            for (int64_t row = first_row; row < first_row + experts; row++) {
                const float share = static_cast<float>(scale) * chunk.responsibility[row];
                // exp(z_y) / sum - 1 = (exp(z_y) - sum) / sum.
                z[row * size + targets_n[n]] -= chunk.sums[row];
                gradient.set(z + row * size, share / chunk.sums[row], row);
                grad_prior[chunk.start * experts + row] = -share;
            }
        });
        if (!embedding) embedding.reset(new mos::PackedMatrix(mixtures.weight, chunk.z.size(0), bfloat16));
        embedding->multiply(gradient.rows(),
                            grad_contexts.narrow(0, chunk.start * experts, chunk.count * experts));
        mos::add_transposed_product(gradient.rows(), mos::factor(chunk.contexts(), bfloat16), grad_weight);
    });
    grad_bias.add_(gradient.bias());
    return {result, grad_contexts, grad_priors};
}

}  // namespace

TORCH_LIBRARY(mos, library) {
    library.def(
        "mixture_log_likelihood(Tensor contexts, Tensor? log_priors, Tensor weight, Tensor bias, Tensor targets, "
        "bool bfloat16, Tensor(a!) workspace) -> Tensor");
    library.def(
        "mixture_backpropagate(Tensor contexts, Tensor? log_priors, Tensor weight, Tensor bias, Tensor targets, float "
        "scale, bool bfloat16, Tensor(a!) workspace, Tensor(b!) grad_weight, Tensor(c!) grad_bias) -> (Tensor, Tensor, Tensor)");
}

TORCH_LIBRARY_IMPL(mos, CPU, library) {
    library.impl("mixture_log_likelihood", log_likelihood);
    library.impl("mixture_backpropagate", backpropagate);
}
