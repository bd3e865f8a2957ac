// Sums of products a^T b, as gradients by weights are.
#pragma once

#include <ATen/ATen.h>

namespace mos {

// out += sum of a^T b over pairs of factors a [m, n], b [m, d] of the same type; m may differ from pair to pair.
class TransposedSum {
public:
    explicit TransposedSum(const at::Tensor& out);

    void add(const at::Tensor& a, const at::Tensor& b);

    // Brings out up to date; nothing can be added after it.
    void finish();

private:
    at::Tensor out_;     // [n, d]
    at::Tensor blocks_;  // the sum so far in the order in which it is computed, where it is not computed in out itself
};

}  // namespace mos
