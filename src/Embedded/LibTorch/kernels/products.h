// Matrix products of float32 matrices, through oneDNN where libtorch has it from outside, else through libtorch itself.
#pragma once

#include <ATen/ATen.h>

#include <memory>

namespace mos {

// A matrix b [k, n] laid out once for several products a b, in float32 or rounded to bfloat16; the sums are float32.
class PackedMatrix {
public:
    PackedMatrix(const at::Tensor& b, int64_t rows, bool bfloat16);
    ~PackedMatrix();

    // out [m, n] = a b, or out += a b. A product has the m that was announced, or fewer rows in a last one.
    void multiply(const at::Tensor& a, const at::Tensor& out, bool accumulate = false);

private:
    struct Layout;
    std::unique_ptr<Layout> layout_;
    bool bfloat16_;
};

// a as a factor of products: itself, or rounded to bfloat16.
at::Tensor factor(const at::Tensor& a, bool bfloat16);

// out += a^T b, for two factors of the same type.
void add_transposed_product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& out);

}  // namespace mos
